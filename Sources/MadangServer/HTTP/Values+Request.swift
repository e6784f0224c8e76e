import Hummingbird
import MadangProgramme
import MadangViews

/// A request's values, checked against the declaration of its operation.
extension Values {
  /// What stands in the path and the query.
  init(
    _ operation: Operation, _ parameters: Parameters, _ query: [(name: String, value: String)]
  ) throws(HTTPRefusal) {
    self.init()
    for field in operation.parameters {
      // What cannot be a name names nothing.
      guard let text = parameters.get(field.name),
        let value = FieldValue.parsed(text, as: field.kind)
      else { throw .nothingThere }
      set(field.name, value)
    }
    for (name, text) in query {
      guard let field = operation.query.first(where: { $0.name == name }) else {
        throw .extra(field: Values.shown(name))
      }
      guard let value = FieldValue.parsed(text, as: field.kind) else { throw .wrong(field: name) }
      set(name, value)
    }
  }

  /// What a program sends as its body.
  mutating func add(_ operation: Operation, json body: [UInt8]) throws(HTTPRefusal) {
    var pairs: [(String, JSON)] = []
    if !body.isEmpty {
      guard case .object(let given) = JSON(reading: body) else { throw .unreadable }
      pairs = given
    }
    for (name, json) in pairs {
      guard let field = operation.body.first(where: { $0.name == name }) else {
        throw .extra(field: Values.shown(name))
      }
      if case .null = json, !field.isRequired { continue }
      guard let value = FieldValue.parsed(json, as: field.kind) else { throw .wrong(field: name) }
      set(name, value)
    }
    try need(operation.body) { name in pairs.contains { $0.0 == name } }
  }

  /// What a form sends: the path's parts too, and an empty field is one that was not given.
  init(
    _ operation: Operation, form: [(name: String, value: String)]
  ) throws(HTTPRefusal) {
    self.init()
    for field in operation.parameters + operation.body {
      let text = Values.text(of: field, form)
      if text.isEmpty { continue }
      guard let value = FieldValue.filled(text, as: field.kind) else {
        throw .wrong(field: field.name)
      }
      set(field.name, value)
    }
    let given = self
    try need(operation.parameters + operation.body) { given[$0] != nil }
  }

  /// A form's field as one text. A list may come in parts of one name, rows in a grid whose boxes
  /// are called `field/key`: what was left empty of a list of names, or as a whole row, was not
  /// given.
  private static func text(of field: Field, _ form: [(name: String, value: String)]) -> String {
    let parts = form.filter { $0.name == field.name }.map(\.value)
    switch field.kind {
    case .slugs: return parts.filter { !$0.isEmpty }.joined(separator: ",")
    case .integers: return list(parts)
    case .rows:
      let prefix = field.name + "/"
      var keys: [String] = []
      var rows: [String: [String]] = [:]
      for (name, value) in form where name.hasPrefix(prefix) {
        let key = String(name.dropFirst(prefix.count))
        if rows[key] == nil { keys.append(key) }
        rows[key, default: []].append(value)
      }
      let lines = keys.compactMap { key -> String? in
        let numbers = list(rows[key] ?? [])
        return numbers.isEmpty ? nil : "\(key) \(numbers)"
      }
      return (parts.suffix(1).filter { !$0.isEmpty } + lines).joined(separator: "\n")
    default: return parts.last ?? ""
    }
  }

  /// Parted by commas; nothing where all parts are empty.
  private static func list(_ parts: [String]) -> String {
    parts.allSatisfy(\.isEmpty) ? "" : parts.joined(separator: ",")
  }

  private func need(_ fields: [Field], _ isThere: (String) -> Bool) throws(HTTPRefusal) {
    for field in fields where field.isRequired && !isThere(field.name) {
      throw .missing(field: field.name)
    }
  }

  /// A name that a stranger chose, short enough to be repeated.
  private static func shown(_ name: String) -> String {
    String(
      name.unicodeScalars.prefix(40).map { $0.isASCII && $0.value >= 32 ? Character($0) : "?" })
  }
}
