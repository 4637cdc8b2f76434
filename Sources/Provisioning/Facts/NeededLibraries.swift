/// The libraries that a program asks the loader for (`DT_NEEDED`), by what an ELF file says.
///
/// Source: `elf(5)`. Only what runs here is read: 64 bits, little-endian.
///
/// - Parameter file: the whole file, mapped or read.
/// - Returns: nil for what is no such file, or is cut short.
public func neededLibraries(ofELF file: UnsafeRawBufferPointer) -> [String]? {
  let elf = ELFFile(bytes: file)
  guard file.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), let table = elf.number(at: 32), let size = elf.half(at: 54),
    let count = elf.half(at: 56)
  else { return nil }
  var segments: [(type: Int, offset: Int, address: Int, size: Int)] = []
  for index in 0..<count {
    let start = table + index * size
    guard let type = elf.word(at: start), let offset = elf.number(at: start + 8),
      let address = elf.number(at: start + 16), let size = elf.number(at: start + 32)
    else { return nil }
    segments.append((type, offset, address, size))
  }
  guard let dynamic = segments.first(where: { $0.type == ELFFile.dynamicSegment }) else { return [] }
  var names: [Int] = []
  var strings: Int?
  var place = dynamic.offset
  while place - dynamic.offset < dynamic.size {
    guard let tag = elf.number(at: place), let value = elf.number(at: place + 8) else { return nil }
    place += 16
    switch tag {
    case 0: place = .max / 2  // DT_NULL
    case 1: names.append(value)  // DT_NEEDED
    case 5:  // DT_STRTAB, an address
      strings = segments.first { $0.type == ELFFile.loadSegment && $0.address <= value && value - $0.address < $0.size }
        .map { value - $0.address + $0.offset }
    default: break
    }
  }
  guard let strings else { return names.isEmpty ? [] : nil }
  let texts = names.compactMap { elf.text(at: strings &+ $0) }
  return texts.count == names.count ? texts : nil
}

private struct ELFFile {
  static let loadSegment = 1
  static let dynamicSegment = 2

  let bytes: UnsafeRawBufferPointer

  func half(at offset: Int) -> Int? { load(offset, UInt16.self).map(Int.init) }
  func word(at offset: Int) -> Int? { load(offset, UInt32.self).map(Int.init) }
  /// No offset or size of a file that we can have is beyond the half of `Int`, and sums of two stay within it.
  func number(at offset: Int) -> Int? {
    load(offset, UInt64.self).flatMap { Int(exactly: $0) }.flatMap { $0 < .max / 4 ? $0 : nil }
  }

  func text(at offset: Int) -> String? {
    guard offset >= 0, offset < bytes.count else { return nil }
    let rest = bytes[offset...]
    guard let end = rest.firstIndex(of: 0) else { return nil }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  private func load<Number: FixedWidthInteger>(_ offset: Int, _ type: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard offset >= 0, offset <= bytes.count - size else { return nil }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
  }
}
