/// The machine as its firmware describes it (`/sys/class/dmi/id`).
public struct Platform: Codable, Equatable, Sendable {
  public var vendor: String?
  public var product: String?
  public var chassisAssetTag: String?

  public init(vendor: String? = nil, product: String? = nil, chassisAssetTag: String? = nil) {
    self.vendor = vendor
    self.product = product
    self.chassisAssetTag = chassisAssetTag
  }

  /// The tag that every Azure virtual machine carries, by which cloud-init and the Azure agent know it.
  static let azureChassisAssetTag = "7783-7084-3265-9085-8269-3286-77"

  public var isAzure: Bool { chassisAssetTag == Self.azureChassisAssetTag }
}
