/// Which of our packages others have come to need, from what the trial of a removal said.
public enum RemovalTrial {
  /// dpkg names the package: `dpkg: dependency problems prevent removal of librte-eal23:amd64:`, then a line for each that
  /// needs it.
  public static func neededByDpkg(_ output: String) -> [(name: String, by: String)] {
    let lines = output.split(separator: "\n")
    let mark = "dependency problems prevent removal of "
    return lines.indices.compactMap { index in
      guard let range = lines[index].firstRange(of: mark) else { return nil }
      let name = lines[index][range.upperBound...].trimmingSuffix(":")
      let by = index + 1 < lines.count ? lines[index + 1].split(separator: " ").first : nil
      return (String(name), by.map(String.init) ?? "another package")
    }
  }

  /// rpm names what the package provides: `libfoo.so.1()(64bit) is needed by (installed) bar-1.0-1.x86_64`.
  ///
  /// - Returns: the capability, or those of one like `(foo >= 1 or bar)`, each without the version that is asked of it, which
  ///   `--whatprovides` takes for a part of the name; and the id of the package that needs it.
  public static func neededByRPM(_ output: String) -> [(capabilities: [String], by: String)] {
    let mark = " is needed by (installed) "
    return output.split(separator: "\n").compactMap { line in
      guard let range = line.firstRange(of: mark) else { return nil }
      let words = line[..<range.lowerBound].trimmingBlanks.split(separator: " ").map(String.init)
      return (capabilities(words), id(ofNEVRA: String(line[range.upperBound...].trimmingBlanks)))
    }
  }

  /// Those in the words of one requirement. Source: rpm's documentation of boolean dependencies, which are in parentheses.
  private static func capabilities(_ words: [String]) -> [String] {
    guard words.first?.first == "(" else { return words.first.map { [$0] } ?? [] }
    var isVersion = false
    return words.compactMap { word in
      defer { isVersion = ["<", "<=", "=", ">=", ">"].contains(word) }
      guard !isVersion, word.first.map({ !"<=>".contains($0) }) ?? false,
        !["and", "or", "if", "else", "with", "without", "unless"].contains(word)
      else { return nil }
      var name = word.drop { $0 == "(" }
      // A parenthesis may be the name's own: 'libfoo.so.1()(64bit)'.
      while name.last == ")", name.count(where: { $0 == ")" }) > name.count(where: { $0 == "(" }) { name.removeLast() }
      return String(name)
    }
  }

  /// `bar.x86_64` for `bar-1:1.0-1.el9.x86_64`; what is none stays as it is.
  private static func id(ofNEVRA text: String) -> String {
    let parts = text.split(separator: "-")
    guard parts.count > 2, let dot = parts[parts.count - 1].lastIndex(of: ".") else { return text }
    return parts.dropLast(2).joined(separator: "-") + parts[parts.count - 1][dot...]
  }
}

extension Substring {
  fileprivate func trimmingSuffix(_ suffix: Character) -> Substring {
    last == suffix ? dropLast() : self
  }
}
