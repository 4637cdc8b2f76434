internal import Glibc
internal import Provisioning
internal import SystemPackage

/// The ABI of DPDK that the packet engine was linked to; nil where its file does not tell.
///
/// The file is mapped, not read: only the pages that say it are touched.
func engineABI(_ engine: FilePath) -> String? {
  guard let file = try? FileDescriptor.open(engine, .readOnly, options: .closeOnExec) else { return nil }
  defer { try? file.close() }
  var status = stat()
  guard fstat(file.rawValue, &status) == 0, status.st_size > 0,
    let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, file.rawValue, 0), start != MAP_FAILED
  else { return nil }
  defer { munmap(start, Int(status.st_size)) }
  let needed = neededLibraries(ofELF: UnsafeRawBufferPointer(start: start, count: Int(status.st_size)))
  return needed?.lazy.compactMap { EALLibrary.abi(ofFile: $0) }.first
}
