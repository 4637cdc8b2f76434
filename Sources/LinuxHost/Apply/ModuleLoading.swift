internal import Provisioning
internal import SystemPackage

/// Loads a module with what it depends on, as systemd's module loader does; one that is there already is no error.
///
/// - Privileges: root (`CAP_SYS_MODULE`).
func loadModule(_ name: String) throws(HostError) {
  let outcome: ModuleLoad
  do { outcome = try KmodContext().load(name) } catch { throw HostError("cannot load module '\(name)'", errno: error) }
  switch outcome {
  case .loaded, .alreadyLive, .builtIn:
    return
  case .denied(let reason):
    throw HostError("module '\(name)' must not be loaded: \(reason)", remedy: "remove that line if it is wanted")
  case .notFound:
    throw HostError("there is no module '\(name)' for the running kernel")
  case .failed(let code, let dependency):
    let what = dependency.map { "module '\($0)', which '\(name)' needs" } ?? "module '\(name)'"
    throw HostError("cannot load \(what)", errno: code, remedy: "see 'dmesg' for what the kernel says of it")
  }
}

/// Unloads a module that was not there before; one that is gone is no error, one in use is.
///
/// - Privileges: root (`CAP_SYS_MODULE`).
func unloadModule(_ name: String) throws(HostError) {
  do { try KmodContext().unload(name) } catch {
    guard error != .noSuchFileOrDirectory else { return }
    throw HostError(
      "cannot unload module '\(name)'", errno: error,
      remedy: [.resourceBusy, .resourceTemporarilyUnavailable].contains(error) ? waysOut(of: name) : "")
  }
}

/// What to do about a module in use.
private func waysOut(of module: String) -> String {
  guard module == "sch_ingress" else { return "end what uses it" }
  return "run 'tc qdisc del dev NAME ingress' for each that 'tc qdisc show' has, as DPDK's TAP leaves them"
}
