extension DecodingError {
  /// Where it went wrong and why, in one line and in JSON's words.
  var reason: String {
    switch self {
    case .keyNotFound(let key, let context): "key '\(path(context.codingPath + [key]))' is missing"
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      "\(place(context.codingPath))requires \(name(of: type))"
    case .dataCorrupted(let context) where context.debugDescription.contains("not valid JSON"): "it is not valid JSON"
    case .dataCorrupted(let context): "\(place(context.codingPath))\(context.debugDescription)"
    @unknown default: "\(self)"
    }
  }
}

private func place(_ keys: [any CodingKey]) -> String { keys.isEmpty ? "" : "at '\(path(keys))': " }

/// As `benchmark.tests[1]`.
private func path(_ keys: [any CodingKey]) -> String {
  keys.reduce("") { path, key in
    if let index = key.intValue { return "\(path)[\(index)]" }
    return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
  }
}

/// What JSON calls a value of a type.
private func name(of type: any Any.Type) -> String {
  switch type {
  case is any BinaryInteger.Type: "a whole number"
  case is any BinaryFloatingPoint.Type: "a number"
  case is String.Type: "a string"
  case is Bool.Type: "true or false"
  case is [Any].Type: "an array"
  default: "\(type)".hasPrefix("Array") ? "an array" : "an object"
  }
}
