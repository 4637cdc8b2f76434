import CDPDK

/// A DPDK function that did not do what it was asked.
public struct DPDKError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The DPDK function, as `rte_eth_dev_configure`.
  public var function: String
  /// The positive error number; zero where the function gives none.
  public var code: Int32
  /// What it was called for, as `port 'net_null0'`; nil for the whole process.
  public var subject: String?
  /// What the user can do about it.
  public var remedy: String?

  init(_ function: String, _ code: Int32, on subject: String? = nil, remedy: String? = nil) {
    self.function = function
    self.code = code.magnitude > UInt32(Int32.max) ? 0 : Int32(code.magnitude)
    self.subject = subject
    self.remedy = remedy
  }

  /// The reason in DPDK's words (`rte_strerror`) with the name or number of the error.
  public var reason: String {
    guard code != 0, let text = rte_strerror(code) else { return "no error number given" }
    return "\(String(cString: text)) (\(errorName(code)))"
  }

  public var description: String {
    let place = subject.map { " on \($0)" } ?? ""
    let hint = remedy.map { ": \($0)" } ?? ""
    return "\(function) failed\(place): \(reason)\(hint)"
  }
}

/// Throws where a DPDK function returned a negative number, which it does as `-errno`.
@discardableResult
func check(
  _ result: Int32, _ function: String, on subject: String? = nil, remedy: String? = nil
) throws(DPDKError) -> Int32 {
  guard result >= 0 else { throw DPDKError(function, result, on: subject, remedy: remedy) }
  return result
}

/// The symbol of an error number: glibc has a function for it only since 2.32.
private func errorName(_ code: Int32) -> String {
  let names: [Int32: String] = [
    EPERM: "EPERM", ENOENT: "ENOENT", EINTR: "EINTR", EIO: "EIO", ENXIO: "ENXIO", EAGAIN: "EAGAIN",
    ENOMEM: "ENOMEM", EACCES: "EACCES", EFAULT: "EFAULT", EBUSY: "EBUSY", EEXIST: "EEXIST", ENODEV: "ENODEV",
    EINVAL: "EINVAL", ENOSPC: "ENOSPC", ERANGE: "ERANGE", ENOSYS: "ENOSYS", EPROTO: "EPROTO",
    ENOTSUP: "ENOTSUP", EALREADY: "EALREADY", ETIMEDOUT: "ETIMEDOUT",
  ]
  return names[code] ?? "error \(code)"
}
