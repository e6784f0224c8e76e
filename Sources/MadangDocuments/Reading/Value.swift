internal import MadangProgramme
internal import Yams

/// A node with what it is called and the page it stands on. Reading it as something that it is not
/// reports a fault and gives nothing.
struct Value {
  let node: Node
  /// The key it stands under, for messages.
  let name: String
  let page: Page

  var place: Place { page.place(of: node) }
  var reading: Reading { page.reading }

  func fault(_ message: Wording, hint: Wording) {
    page.reading.fault(place, message, hint: hint)
  }

  /// The raw text of a scalar with its place, whatever YAML would take it for.
  func scalar() -> (text: String, plain: Bool)? {
    guard case .scalar(let scalar) = node else {
      wrongKind(
        Wording(ko: "값 하나가", en: "a single value"),
        hint: Wording(ko: "[ ]나 { } 없이 쓰십시오.", en: "Write it without [ ] or { }."))
      return nil
    }
    let plain = scalar.style == .plain || scalar.style == .any
    if plain, ["", "~", "null", "Null", "NULL"].contains(scalar.string) {
      fault(
        Wording(ko: "‘\(shown(name))’ 값이 비어 있습니다.", en: "‘\(shown(name))’ has no value."),
        hint: Wording(
          ko: "값을 쓰거나, 꼭 필요한 키가 아니면 키를 지우십시오.",
          en: "Give it one, or leave the key out where it may be left out."))
      return nil
    }
    return (scalar.string, plain)
  }

  /// The items of a list. Items that are faulty report themselves when they are read.
  func items(limit: Int = Limits.itemsMax) -> [Value]? {
    guard case .sequence(let sequence) = node else {
      wrongKind(
        Wording(ko: "목록이", en: "a list"),
        hint: Wording(
          ko: "‘- ’로 시작하는 줄들이나 [ ]로 쓰십시오.",
          en: "Write lines that begin with ‘- ’, or [ ]."))
      return nil
    }
    guard sequence.count <= limit else {
      fault(
        Wording(
          ko: "‘\(shown(name))’ 항목이 \(sequence.count)개로 너무 많습니다.",
          en: "‘\(shown(name))’ has \(sequence.count) items, too many."),
        hint: Wording(ko: "최대 \(limit)개입니다.", en: "At most \(limit) are read."))
      return nil
    }
    return sequence.map { Value(node: $0, name: name, page: page) }
  }

  /// Reads every item with `read`. What is faulty is left out, and `complete` says so.
  func list<Item>(
    limit: Int = Limits.itemsMax, _ read: (Value) -> Item?
  ) -> Batch<Item>? {
    guard let items = items(limit: limit) else { return nil }
    let read = items.map { item in reading.sound { read(item) } }
    return Batch(items: read.compactMap { $0 }, complete: !read.contains { $0 == nil })
  }

  /// Reports a value of another kind than `expected`, which in Korean stands with its particle.
  func wrongKind(_ expected: Wording, hint: Wording) {
    fault(
      Wording(
        ko: "‘\(shown(name))’에는 \(expected.ko) 와야 합니다.",
        en: "‘\(shown(name))’ must be \(expected.en)."),
      hint: hint)
  }

  /// Reports a value that has the right shape and cannot be right.
  func refuse(_ ko: String, _ en: String, hintKo: String, hintEn: String) {
    fault(Wording(ko: ko, en: en), hint: Wording(ko: hintKo, en: hintEn))
  }
}

/// The items of a list that could be read.
struct Batch<Item> {
  var items: [Item]
  /// Whether no item was faulty. Sums and circles are only checked over complete lists.
  var complete: Bool

  static var none: Batch { Batch(items: [], complete: true) }
  /// For a list that could not be read at all.
  static var unread: Batch { Batch(items: [], complete: false) }
}

extension Batch: Sendable where Item: Sendable {}
