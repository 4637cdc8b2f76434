import Yams

/// A place in a YAML document: the node, and the path that leads to it (`$.hugepages[1].size`).
struct YAMLPlace {
  let node: Node
  let path: String
  /// Where it begins, its key included: the value of a key can stand on the next line.
  let line: Int?

  init(node: Node, path: String, line: Int? = nil) {
    self.node = node
    self.path = path
    self.line = line ?? node.mark?.line
  }

  var isScalar: Bool { node.scalar != nil }
  var isSequence: Bool { node.sequence != nil }

  /// `$.hugepages[1].size (line 4)`
  var position: String { line.map { "\(path) (line \($0))" } ?? path }
}

/// One mapping, its keys as text in the order of the file.
struct YAMLMapping {
  let place: YAMLPlace
  let entries: [(key: String, value: YAMLPlace)]

  subscript(key: String) -> YAMLPlace? { entries.first { $0.key == key }?.value }
}

/// Composes a document so that a key that stands twice is a problem like any other, with its path.
enum YAMLDocument {
  /// Marks the earlier of two equal keys; from the private use area, so that no key of ours has it.
  static let repeated: Character = "\u{E000}"

  /// The root node, or what keeps the text from being one YAML document.
  ///
  /// Yams gives up at the first key that stands twice and names its line alone. The earlier of the two is renamed and
  /// the text composed again: the reader meets both, and all other problems of the file are reported as well.
  static func compose(_ yaml: String) -> Result<YAMLPlace, Refusal> {
    var text = yaml
    // Each turn renames one key and composes anew; nobody reads more than this.
    for _ in 0..<20 {
      do {
        guard let node = try Yams.compose(yaml: text, .basic) else { return .failure(Refusal("$: the file is empty")) }
        return .success(YAMLPlace(node: node, path: "$"))
      } catch let YamlError.duplicatedKeysInMapping(keys, context) {
        let key = (keys.first ?? "").filter { $0 != repeated }
        guard let renamed = rename(text, at: context.mark), renamed != text else {
          return .failure(Refusal("$ (line \(context.mark.line)): key '\(key)' stands twice"))
        }
        text = renamed
      } catch {
        return .failure(Refusal(describe(error)))
      }
    }
    return .failure(Refusal("$: too many keys stand twice"))
  }

  struct Refusal: Error {
    let problem: String
    init(_ problem: String) { self.problem = problem }
  }

  /// The text with the mark in front of the key at this position (behind its opening quote); columns count scalars.
  private static func rename(_ text: String, at mark: Mark) -> String? {
    var scalars = text.unicodeScalars
    var index = scalars.startIndex
    for _ in 1..<max(mark.line, 1) {
      guard let newline = scalars[index...].firstIndex(of: "\n") else { return nil }
      index = scalars.index(after: newline)
    }
    guard var place = scalars.index(index, offsetBy: mark.column - 1, limitedBy: scalars.endIndex),
      place < scalars.endIndex
    else { return nil }
    if scalars[place] == "\"" || scalars[place] == "'" { place = scalars.index(after: place) }
    scalars.insert(contentsOf: repeated.unicodeScalars, at: place)
    return String(scalars)
  }

  private static func describe(_ error: any Error) -> String {
    switch error {
    case let YamlError.scanner(context, problem, mark, _), let YamlError.parser(context, problem, mark, _),
      let YamlError.composer(context, problem, mark, _):
      "$ (line \(mark.line)): not YAML: \(context.map { "\($0.text), " } ?? "")\(problem)"
    case let YamlError.reader(problem, _, _, _): "$: not YAML: \(problem)"
    default: "$: not YAML: \(error)"
    }
  }
}
