extension KernelFacts {
  /// Whether one kernel's directory name comes before another's, numbers compared as numbers: 5.10 is newer than 5.9.
  public static func isOlder(_ left: String, than right: String) -> Bool {
    let (first, second) = (runs(of: left), runs(of: right))
    for (one, other) in zip(first, second) where one != other {
      guard let number = UInt64(one), let otherNumber = UInt64(other) else { return one < other }
      if number != otherNumber { return number < otherNumber }
    }
    return first.count == second.count ? left < right : first.count < second.count
  }

  /// The text cut into runs of digits and runs of anything else.
  private static func runs(of text: String) -> [Substring] {
    var runs: [Substring] = []
    var rest = text[...]
    while let first = rest.first {
      let run = rest.prefix { $0.isNumber == first.isNumber }
      runs.append(run)
      rest = rest[run.endIndex...]
    }
    return runs
  }
}
