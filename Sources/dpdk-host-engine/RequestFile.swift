import EngineMessages
import FoundationEssentials
import SystemPackage

/// A request that cannot be served as it is, whatever the host: wrong usage.
struct RequestError: Error {
  /// One line, whatever it quotes.
  let reason: String

  init(reason: String) {
    var line = String.UnicodeScalarView()
    for scalar in reason.unicodeScalars { line.append(scalar.properties.generalCategory == .control ? "?" : scalar) }
    self.reason = String(line)
  }
}

/// Reads an ``EngineRequest`` from a file, or from standard input where the path is `-`.
func readRequest(_ path: String) throws(RequestError) -> EngineRequest {
  let bytes: [UInt8]
  do {
    if path == "-" {
      bytes = try readAll(.standardInput)
    } else {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      bytes = try file.closeAfter { try readAll(file) }
    }
  } catch {
    throw RequestError(reason: "request '\(path)' cannot be read: \(error)")
  }
  return try decodeRequest(bytes, from: path)
}

/// Reads an ``EngineRequest`` from what a path gave.
func decodeRequest(_ bytes: [UInt8], from path: String) throws(RequestError) -> EngineRequest {
  do {
    return try JSONDecoder().decode(EngineRequest.self, from: Data(bytes))
  } catch let error as DecodingError {
    throw RequestError(reason: "request '\(path)' is not understood: \(error.reason)")
  } catch {
    throw RequestError(reason: "request '\(path)' is not understood: \(error)")
  }
}

/// What a file descriptor gives until its end.
private func readAll(_ file: FileDescriptor) throws -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
    if count == 0 { return bytes }
    bytes += chunk[..<count]
  }
}
