internal import MadangProgramme
internal import Yams

/// The keys of a mapping, each at most once, all of them declared.
struct Fields {
  let value: Value
  fileprivate let entries: [String: Value]

  /// The value of a key. What is required and missing was reported when the mapping was read.
  subscript(key: String) -> Value? { entries[key] }

  var place: Place { value.place }
  var reading: Reading { value.reading }
}

extension Value {
  /// The fields of a mapping: reports unknown, repeated and missing keys, all at once.
  func fields(_ required: [String], optional: [String] = []) -> Fields? {
    guard case .mapping(let mapping) = node else {
      wrongKind(
        Wording(ko: "‘키: 값’ 묶음이", en: "a mapping of keys to values"),
        hint: Wording(
          ko: "키: \(required.joined(separator: ", ")).",
          en: "Its keys are \(required.joined(separator: ", "))."))
      return nil
    }
    let known = required + optional
    var entries: [String: Value] = [:]
    for (keyNode, node) in mapping {
      guard case .scalar(let scalar) = keyNode else {
        page.reading.fault(
          page.place(of: keyNode),
          Wording(ko: "키는 낱말이어야 합니다.", en: "A key must be a word."),
          hint: Wording(
            ko: "키: \(known.joined(separator: ", ")).",
            en: "The keys here are \(known.joined(separator: ", "))."))
        continue
      }
      let key = page.repeatedKeys[scalar.string] ?? scalar.string
      let value = Value(node: node, name: key, page: page)
      if let first = entries[key] {
        repeated(key, keyNode, first: first)
      } else {
        entries[key] = value
        if !known.contains(key) { unknown(key, keyNode, known, written: entries) }
      }
    }
    for key in required where entries[key] == nil { missing(key) }
    return Fields(value: self, entries: entries)
  }

  private func repeated(_ key: String, _ node: Node, first: Value) {
    page.reading.fault(
      page.place(of: node),
      Wording(
        ko: "‘\(shown(key))’ 키가 \(first.place.line)행에 이미 있습니다.",
        en: "The key ‘\(shown(key))’ already stands on line \(first.place.line)."),
      hint: Wording(ko: "하나를 지우십시오.", en: "Remove one."))
  }

  private func unknown(
    _ key: String, _ node: Node, _ known: [String], written: [String: Value]
  ) {
    let free = known.filter { written[$0] == nil }
    let hint =
      nearest(to: key, in: free).map(didYouMean)
      ?? Wording(
        ko: "여기에 쓸 수 있는 키: \(known.joined(separator: ", ")).",
        en: "The keys here are \(known.joined(separator: ", ")).")
    page.reading.fault(
      page.place(of: node),
      Wording(ko: "‘\(shown(key))’ 키를 알 수 없습니다.", en: "The key ‘\(shown(key))’ is unknown."),
      hint: hint)
  }

  func missing(_ key: String) {
    fault(
      Wording(ko: "‘\(key)’ 키가 없습니다.", en: "The key ‘\(key)’ is missing."),
      hint: Wording(
        ko: "형식은 \(page.reading.formatPage)에 있습니다.",
        en: "\(page.reading.formatPage) says what stands in it."))
  }
}
