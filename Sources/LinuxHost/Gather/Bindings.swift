import Provisioning
import SystemPackage

extension FactReader {
  /// The devices that `apply` took in this boot and that its driver still has; empty for an image.
  mutating func bindings(on busDevices: [BusDevice], journal: Journal = Journal()) -> [Binding] {
    guard root.isRunningHost else { return [] }
    do throws(HostError) {
      return [Binding](inForceBy: try journal.entries(), boot: try Journal.bootID(), on: busDevices)
    } catch {
      record(journal.path.string, error.description)
      return []
    }
  }
}
