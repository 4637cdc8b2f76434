/// What `[ … ]` and `test` say; nil where it cannot be told.
///
/// Source: the GRUB manual, "test"; `grub-core/commands/test.c`.
struct GrubCondition {
  let variables: GrubVariables
  let files: BootFiles

  /// - Parameter statements: the commands between `if` and `then`.
  func holds(_ branch: GrubScript.Branch) -> Bool? {
    guard !branch.isChain, branch.test.count == 1, case .command(var words, block: nil, _) = branch.test[0]
    else { return branch.test.isEmpty ? true : nil }
    let isNegated = words.first?.keyword == "!"
    if isNegated { words.removeFirst() }
    guard let command = words.first?.keyword else { return nil }
    words.removeFirst()
    switch command {
    case "[":
      guard words.last?.keyword == "]" else { return nil }
      words.removeLast()
    case "test": break
    case "true": return !isNegated
    case "false": return isNegated
    default: return nil
    }
    let isCertain = words.allSatisfy { word in
      word.parts.allSatisfy { if case .variable(let name, _) = $0 { variables.isCertain(name) } else { true } }
    }
    guard isCertain, let result = test(words.flatMap { $0.arguments { variables[$0] } }[...]) else { return nil }
    return result != isNegated
  }

  private func test(_ arguments: ArraySlice<String>) -> Bool? {
    let words = Array(arguments)
    switch words.count {
    // As GRUB has it, and no shell does.
    case 0: return true
    case 1: return !words[0].isEmpty
    case _ where words[0] == "!": return test(arguments.dropFirst()).map { !$0 }
    case 2:
      switch words[0] {
      case "-z": return words[1].isEmpty
      case "-n": return !words[1].isEmpty
      case "-f", "-e", "-s": return files.exists(words[1])
      default: return nil
      }
    case 3:
      switch words[1] {
      case "=", "==": return words[0] == words[2]
      case "!=": return words[0] != words[2]
      default: return numbers(words[0], words[1], words[2])
      }
    default: return nil
    }
  }

  private func numbers(_ left: String, _ comparison: String, _ right: String) -> Bool? {
    guard let left = Int(left), let right = Int(right) else { return nil }
    return switch comparison {
    case "-eq": left == right
    case "-ne": left != right
    case "-lt": left < right
    case "-le": left <= right
    case "-gt": left > right
    case "-ge": left >= right
    default: nil
    }
  }
}
