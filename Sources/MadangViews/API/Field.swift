public import MadangProgramme

/// Two words for one thing on screen.
public struct Wording: Sendable, Hashable {
  public let ko: String
  public let en: String

  public init(ko: String, en: String) {
    self.ko = ko
    self.en = en
  }

  public subscript(_ language: Language) -> String { language == .ko ? ko : en }
}

/// One value that an operation takes: in its path, its query or its body.
///
/// The same declaration checks what comes in, writes the OpenAPI document and draws the form.
public struct Field: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// A line of text, of at most so many characters.
    case text(max: Int)
    case integer(ClosedRange<Int64>)
    /// One of these words.
    case choice([Choice])
    /// `round-1`: the kind's name.
    case identifier(String)
    /// `2026-03-03`
    case day
    /// A term's end. Programs send the day after its last, as terms are half-open; people fill in
    /// the last day itself.
    case endDay
    /// A minute of a day. Programs send how many are over; people fill in a time, `13:05`.
    case minute
    /// SHA-256, 64 hexadecimal digits.
    case digest
    /// Whole numbers in order.
    case integers(ClosedRange<Int64>, count: ClosedRange<Int>)
    /// Short names in order.
    case slugs(count: ClosedRange<Int>)
    case slug
    /// `2026-06`
    case month
    case flag
    /// The same fields again and again: as a form's text, a line each, its fields parted by blanks.
    case rows([Field], count: ClosedRange<Int>)
  }

  public struct Choice: Sendable, Hashable {
    public let word: String
    public let title: Wording

    public init(_ word: String, ko: String, en: String) {
      self.word = word
      title = Wording(ko: ko, en: en)
    }
  }

  public let name: String
  public let title: Wording
  public let kind: Kind
  public let isRequired: Bool
  /// Nothing where it always matters.
  public private(set) var use: Use?

  /// Where a field matters: where another one, a choice, is one of some words.
  public struct Use: Sendable, Hashable {
    public let field: String
    public let words: [String]
    /// Where it cannot be left out.
    public let needed: [String]
  }

  public init(_ name: String, _ kind: Kind, ko: String, en: String, required: Bool = true) {
    self.name = name
    self.kind = kind
    title = Wording(ko: ko, en: en)
    isRequired = required
  }

  /// The same, which matters only where `field` is one of these words.
  func only(_ field: String, _ words: String..., needed: Bool) -> Field {
    only(field, words, needed: needed ? words : [])
  }

  func only(_ field: String, _ words: [String], needed: [String]) -> Field {
    var copy = self
    copy.use = Use(field: field, words: words, needed: needed)
    return copy
  }

  /// Minutes of the longest day that people have a clock for.
  static let minutes: ClosedRange<Int64> = 0...1_439

  /// What a program has to know of it.
  public var description: String {
    var text = title.en
    if kind == .endDay { text += ": the day after it, as terms are half-open" }
    if kind == .minute { text += ": minutes since the day began" }
    if let use { text += " (\(use.field): \(use.words.joined(separator: ", ")))" }
    return text
  }
}

/// What came in for a field, checked.
public enum FieldValue: Sendable, Hashable {
  case text(String)
  case flag(Bool)
  case rows([Values])
  case integer(Int64)
  case integers([Int64])
  case texts([String])

  /// Takes what a form or a path has as text. Lists are parted by commas.
  public static func parsed(_ text: String, as kind: Field.Kind) -> FieldValue? {
    switch kind {
    case .integer(let range):
      guard let value = Int64(text), range.contains(value) else { return nil }
      return .integer(value)
    case .minute: return parsed(text, as: .integer(Field.minutes))
    case .integers(let range, let count):
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      let values = parts.compactMap { part in
        Int64(trimmed(part)).flatMap { range.contains($0) ? $0 : nil }
      }
      guard values.count == parts.count, count.contains(values.count) else { return nil }
      return .integers(values)
    case .slugs(let count):
      let parts = text.split(separator: ",").map { trimmed($0) }
      guard count.contains(parts.count), parts.allSatisfy({ Slug($0) != nil }) else { return nil }
      return .texts(parts)
    case .flag: return text == "true" ? .flag(true) : text == "false" ? .flag(false) : nil
    case .rows(let fields, let count):
      // A browser sends CRLF, which is one character.
      let lines = text.split(whereSeparator: \.isNewline).map { trimmed($0) }.filter { !$0.isEmpty }
      let rows = lines.compactMap { row($0, fields) }
      return rows.count == lines.count && count.contains(rows.count) ? .rows(rows) : nil
    default: return checked(text, as: kind) ? .text(text) : nil
    }
  }

  /// Takes what people fill in, who name a term's last day and a time.
  public static func filled(_ text: String, as kind: Field.Kind) -> FieldValue? {
    switch kind {
    case .endDay: Day(text).flatMap { parsed("\($0.advanced(by: 1))", as: kind) }
    case .minute: minute(text).map { .integer($0) }
    default: parsed(text, as: kind)
    }
  }

  /// The minute of `13:05`, or of `13:05:00`, as some browsers send it.
  private static func minute(_ text: String) -> Int64? {
    let parts = trimmed(text).split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || (parts.count == 3 && parts[2] == "00"),
      parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let hour = Int64(parts[0]), let minute = Int64(parts[1]), hour < 24, minute < 60
    else { return nil }
    return hour * 60 + minute
  }

  /// Takes what JSON has.
  public static func parsed(_ json: JSON, as kind: Field.Kind) -> FieldValue? {
    switch (json, kind) {
    case (.int(let value), .integer(let range)): range.contains(value) ? .integer(value) : nil
    case (.int(let value), .minute): Field.minutes.contains(value) ? .integer(value) : nil
    case (.array(let items), .integers(let range, let count)):
      numbers(items, range).flatMap { count.contains($0.count) ? .integers($0) : nil }
    case (.array(let items), .slugs(let count)):
      words(items).flatMap { count.contains($0.count) ? .texts($0) : nil }
    case (.bool(let flag), .flag): .flag(flag)
    case (.array(let items), .rows(let fields, let count)):
      rows(items, fields).flatMap { count.contains($0.count) ? .rows($0) : nil }
    // A form's text is not what a program sends.
    case (.text, .minute), (.text, .integer), (.text, .integers), (.text, .slugs), (.text, .flag),
      (.text, .rows):
      nil
    case (.text(let text), _): checked(text, as: kind) ? .text(text) : nil
    default: nil
    }
  }

  private static func numbers(_ items: [JSON], _ range: ClosedRange<Int64>) -> [Int64]? {
    var values: [Int64] = []
    for case .int(let value) in items where range.contains(value) { values.append(value) }
    return values.count == items.count ? values : nil
  }

  private static func words(_ items: [JSON]) -> [String]? {
    var values: [String] = []
    for case .text(let value) in items where Slug(value) != nil { values.append(value) }
    return values.count == items.count ? values : nil
  }

  private static func row(_ line: String, _ fields: [Field]) -> Values? {
    let parts = line.split(separator: " ").map(String.init)
    guard parts.count == fields.count else { return nil }
    var values = Values()
    for (field, part) in zip(fields, parts) {
      guard let value = parsed(part, as: field.kind) else { return nil }
      values.set(field.name, value)
    }
    return values
  }

  /// Objects with all of the fields and no others.
  private static func rows(_ items: [JSON], _ fields: [Field]) -> [Values]? {
    var rows: [Values] = []
    for case .object(let pairs) in items where pairs.count == fields.count {
      var values = Values()
      for field in fields {
        guard let json = pairs.first(where: { $0.0 == field.name })?.1,
          let value = parsed(json, as: field.kind)
        else { return nil }
        values.set(field.name, value)
      }
      rows.append(values)
    }
    return rows.count == items.count ? rows : nil
  }

  private static func checked(_ text: String, as kind: Field.Kind) -> Bool {
    switch kind {
    case .text(let max): (try? Text(text, limit: max)) != nil  // a text that no rule lets through
    case .choice(let choices): choices.contains { $0.word == text }
    case .identifier(let name): isIdentifier(text, name)
    case .day, .endDay: Day(text) != nil
    case .digest: text.utf8.count == 64 && text.utf8.allSatisfy(isHexadecimal)
    case .slug: Slug(text) != nil
    case .month: Month(text) != nil
    case .minute, .integer, .integers, .slugs, .flag, .rows: false
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...102).contains(byte)
  }

  private static func isIdentifier(_ text: String, _ name: String) -> Bool {
    guard text.hasPrefix(name + "-") else { return false }
    let digits = text.dropFirst(name.utf8.count + 1)
    guard (1...10).contains(digits.utf8.count), digits.first != "0",
      digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits)
    else { return false }
    return number <= Limits.identifierMax
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var slice = text[...]
    while slice.first == " " { slice = slice.dropFirst() }
    while slice.last == " " { slice = slice.dropLast() }
    return String(slice)
  }
}

extension FieldValue {
  /// As a program sends it in a body.
  public func json(_ kind: Field.Kind) -> JSON {
    switch self {
    case .text(let text): .text(text)
    case .flag(let flag): .bool(flag)
    case .integer(let value): .int(value)
    case .integers(let numbers): .array(numbers.map { .int($0) })
    case .texts(let texts): .array(texts.map { .text($0) })
    case .rows(let rows):
      if case .rows(let fields, _) = kind { .array(rows.map { $0.json(fields) }) } else { .null }
    }
  }

  /// As it stands in a path or a query.
  public var plain: String {
    switch self {
    case .text(let text): text
    case .flag(let flag): "\(flag)"
    case .integer(let value): "\(value)"
    case .integers(let numbers): numbers.map { "\($0)" }.joined(separator: ",")
    case .texts(let texts): texts.joined(separator: ",")
    // Only bodies have rows.
    case .rows: ""
    }
  }
}

extension Values {
  /// These fields of them, as a program sends them in a body.
  public func json(_ fields: [Field]) -> JSON {
    .object(
      fields.compactMap { field in
        self[field.name].map { (field.name, $0.json(field.kind)) }
      })
  }
}

extension Operation {
  /// A request in one spelling: who sends the same values to the same operation, by a form or as
  /// JSON, to this version or a later one, sends the same request.
  public func request(_ values: Values) -> String {
    id + " " + values.json((parameters + body).sorted { $0.name < $1.name }).compact
  }
}

/// The checked values of one request, by name. For look-up only.
public struct Values: Sendable, Hashable {
  private var values: [String: FieldValue] = [:]

  public init() {}

  public mutating func set(_ name: String, _ value: FieldValue) { values[name] = value }

  public subscript(name: String) -> FieldValue? { values[name] }

  public func text(_ name: String) -> String? {
    if case .text(let text) = values[name] { text } else { nil }
  }

  /// Nothing given is no.
  public func flag(_ name: String) -> Bool {
    if case .flag(let flag) = values[name] { flag } else { false }
  }

  public func rows(_ name: String) -> [Values]? {
    if case .rows(let rows) = values[name] { rows } else { nil }
  }

  public func integer(_ name: String) -> Int64? {
    if case .integer(let value) = values[name] { value } else { nil }
  }

  public func integers(_ name: String) -> [Int64]? {
    if case .integers(let value) = values[name] { value } else { nil }
  }

  public func texts(_ name: String) -> [String]? {
    if case .texts(let value) = values[name] { value } else { nil }
  }

  public func identifier<Kind>(_ name: String) -> Identifier<Kind>? {
    text(name).flatMap { Identifier($0) }
  }

  public func day(_ name: String) -> Day? { text(name).flatMap { Day($0) } }
}
