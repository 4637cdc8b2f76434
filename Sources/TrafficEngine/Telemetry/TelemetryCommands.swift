import CDPDK
import EngineMessages
import Glibc
import Synchronization

/// What our commands answer from: one a process, as EAL and its telemetry are; the telemetry threads read it.
private let currentStatus = Mutex<RunStatus?>(nil)

/// Our commands on DPDK's telemetry socket, which lists them under `/` with its own.
enum TelemetryCommands {
  /// Makes them known (`rte_telemetry_register_cmd`); to be called once a process, before the socket is there.
  static func register(for status: RunStatus) throws(DPDKError) {
    currentStatus.withLock { $0 = status }
    for (name, answer, help) in table {
      try check(rte_telemetry_register_cmd(name, answer, help), "rte_telemetry_register_cmd", on: "command '\(name)'")
    }
  }

  /// Tells them of an event of the run.
  static func note(_ event: EngineEvent) { currentStatus.withLock { $0?.note(event) } }

  private typealias Answer =
    @convention(c) (UnsafePointer<CChar>?, UnsafePointer<CChar>?, OpaquePointer?) -> Int32

  // DPDK cuts names off at 55 characters and help at 63.
  private static let table: [(String, Answer, String)] = [
    (
      "/dpdk_host/run", { _, _, data in answer(data) { TelemetryAnswer(run: $0) } }, "The run: mode, phase, time, drops"
    ),
    (
      "/dpdk_host/ports",
      { _, parameter, data in
        answer(data, parameter) {
          TelemetryAnswer(ports: $0)
        } orOfPort: {
          TelemetryAnswer(port: $0, of: $1)
        }
      }, "The run's ports. Parameters: int port_id (optional)"
    ),
    (
      "/dpdk_host/rates",
      { _, parameter, data in
        answer(data, parameter) {
          TelemetryAnswer(rates: $0)
        } orOfPort: {
          TelemetryAnswer(ratesOfPort: $0, of: $1)
        }
      }, "Latest rates. Parameters: int port_id (optional)"
    ),
  ]

  /// - Returns: what DPDK takes for success, or for `null` as the answer.
  private static func answer(_ data: OpaquePointer?, make: (RunStatus) -> TelemetryAnswer?) -> Int32 {
    guard let data, let status = currentStatus.withLock({ $0 }), let answer = make(status) else { return -1 }
    return fill(data, with: answer)
  }

  private static func answer(
    _ data: OpaquePointer?, _ parameter: UnsafePointer<CChar>?, make: (RunStatus) -> TelemetryAnswer?,
    orOfPort makeOfPort: (Int, RunStatus) -> TelemetryAnswer?
  ) -> Int32 {
    guard let parameter, parameter.pointee != 0 else { return answer(data, make: make) }
    guard let port = Int(String(cString: parameter)) else { return -1 }
    return answer(data) { makeOfPort(port, $0) }
  }

  private static func fill(_ data: OpaquePointer, with answer: TelemetryAnswer) -> Int32 {
    guard rte_tel_data_start_dict(data) == 0 else { return -1 }
    for (name, value) in answer.entries {
      let result: Int32
      switch value {
      case .text(let text): result = rte_tel_data_add_dict_string(data, name, text)
      case .number(let number): result = cdpdk_telemetry_add(data, name, number)
      case .list(let numbers):
        result = add(numbers, to: data, as: name)
      }
      // A dictionary takes 256 entries: what is too much is left out.
      if result < 0 { break }
    }
    return 0
  }

  /// - Returns: a negative number where there is no room.
  private static func add(_ numbers: [Int], to data: OpaquePointer, as name: String) -> Int32 {
    guard let list = rte_tel_data_alloc() else { return -ENOMEM }
    var result = rte_tel_data_start_array(list, RTE_TEL_INT_VAL)
    for number in numbers where result == 0 {
      result = cdpdk_telemetry_append(list, Int32(truncatingIfNeeded: number))
    }
    if result == 0 { result = rte_tel_data_add_dict_container(data, name, list, 0) }
    // What was added is the dictionary's.
    if result != 0 { rte_tel_data_free(list) }
    return result
  }
}
