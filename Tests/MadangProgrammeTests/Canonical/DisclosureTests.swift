import Foundation
import Testing

@testable import MadangProgramme

/// Who may read what: every field of every event has a class, and a change of one is seen.
struct DisclosureTests {
  @Test func `the classes are those that were reviewed`() throws {
    let listing = try Samples.all.flatMap(DisclosureTests.classes)
    let path = "Tests/MadangProgrammeTests/disclosure.txt"
    let url = Repository.root.appendingPathComponent(path)
    let sorted = Set(listing).sorted()
    if ProcessInfo.processInfo.environment["UPDATE_DISCLOSURE"] == "1" {
      try Data((sorted.joined(separator: "\n") + "\n").utf8).write(to: url)
    }
    let text = difference(
      try Repository.text(path).split(separator: "\n").map(String.init), sorted)
    #expect(text == nil, "review, then UPDATE_DISCLOSURE=1:\n\(text ?? "")")
  }

  @Test(arguments: Samples.all)
  func `every property of an event's body is written under its name`(event: Event) throws {
    let body = try DisclosureTests.body(of: event)
    let payload = try #require(DisclosureTests.payload(of: event))
    try compare(payload, with: body["is"] ?? body["are"] ?? body)
  }

  @Test func `what concerns persons, scores or what is not decided is never public`() throws {
    let never: Set = [
      "approver", "ask", "brokenRule", "by", "drafter", "ground", "outcome", "outcomes",
      "pointSum", "points", "reviewer",
    ]
    var seen: Set<String> = []
    for line in try Samples.all.flatMap(DisclosureTests.classes) {
      let parts = line.split(separator: " ")
      let path = parts[0].dropLast().split(separator: ".").map(String.init)
      // Points within a public rule or cut-off are not somebody's.
      guard path.count == 2, never.contains(path[1]) else { continue }
      seen.insert(path[1])
      #expect(parts[1] != "public", "\(line)")
    }
    #expect(seen == never, "each of these names is a field of some event")
  }

  @Test(arguments: Samples.all)
  func `what is sealed stands nowhere in the leaf`(event: Event) throws {
    let (bytes, openings) = Leaf(header: Samples.header, event: event).fixed
    let leaf = String(decoding: bytes, as: UTF8.self)
    for opening in openings {
      let value = String(decoding: opening.value, as: UTF8.self)
      #expect(!leaf.contains("\"\(opening.field)\":\(value)"), "\(opening.field)")
    }
    #expect(!leaf.contains("9007199254740991"), "the principal's number")
  }

  // MARK: -

  /// `type.field: class` of every field, and of every field within a public one.
  static func classes(of event: Event) throws -> [String] {
    let (bytes, _) = Leaf(header: Samples.header, event: event).fixed
    let leaf = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    let body = try #require(leaf?["body"])
    let by = try #require(leaf?["by"])
    return walk(event.type, body) + walk("\(event.type).by", by)
  }

  private static func walk(_ path: String, _ value: Any) -> [String] {
    if let object = value as? [String: Any] {
      if let disclosure = object["class"] as? String, object["commitment"] is String {
        let lifted = object["publicFrom"] == nil ? "" : " until publicFrom"
        return ["\(path): \(disclosure)\(lifted)"]
      }
      return object.keys.sorted().flatMap { walk("\(path).\($0)", object[$0] ?? "") }
    }
    if let list = value as? [Any], list.contains(where: { $0 is [String: Any] }) {
      return list.flatMap { walk("\(path)[]", $0) }
    }
    return ["\(path): public"]
  }

  static func body(of event: Event) throws -> [String: Any] {
    let (bytes, _) = Leaf(header: Samples.header, event: event).fixed
    let leaf = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    return try #require(leaf?["body"] as? [String: Any])
  }

  /// What an event holds: a body of its own, or a record beside its identifier.
  static func payload(of event: Event) -> Payload? {
    guard let child = Mirror(reflecting: event).children.first else { return nil }
    if let definition = child.value as? Definition,
      let inner = Mirror(reflecting: definition).children.first
    {
      return Payload(inner.value)
    }
    return Payload(child.value)
  }

  struct Payload {
    let value: Any
    let isPair: Bool

    init(_ value: Any) {
      let mirror = Mirror(reflecting: value)
      isPair = mirror.displayStyle == .tuple
      self.value = isPair ? Array(mirror.children).last?.value ?? value : value
    }
  }

  /// Names of properties that are written under another name, with the reason.
  private static let renamed = [
    // `operator` is a word of the language.
    "operatedBy": "operator"
  ]

  fileprivate func compare(_ payload: Payload, with written: Any) throws {
    let mirror = Mirror(reflecting: payload.value)
    guard mirror.displayStyle == .struct, !(payload.value is Claims) else { return }
    guard var object = written as? [String: Any] else { return }
    if payload.value is PublishedResult { object = object["result"] as? [String: Any] ?? [:] }
    let plain = payload.value is any IdentifierLike || payload.value is Instant
    guard !plain else { return }
    for child in mirror.children {
      let label = try #require(child.label)
      let name = DisclosureTests.renamed[label] ?? label
      let field = object[name]
      #expect(field != nil, "\(type(of: payload.value)).\(name) is not written")
      guard let field, (field as? [String: Any])?["commitment"] == nil else { continue }
      try compareWithin(child.value, field)
    }
    #expect(object.count == mirror.children.count, "\(type(of: payload.value)): \(object.keys)")
  }
}

extension DisclosureTests {
  /// Records within a record: on their own, optional, or in a list.
  private func compareWithin(_ value: Any, _ written: Any) throws {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      if let inner = mirror.children.first { try compareWithin(inner.value, written) }
    case .collection:
      guard let list = written as? [Any], list.count == mirror.children.count else { return }
      for (child, item) in zip(mirror.children, list) { try compareWithin(child.value, item) }
    case .struct: try compare(Payload(value), with: written)
    default: return
    }
  }
}

/// Identifiers are written as their number.
protocol IdentifierLike {}
extension Identifier: IdentifierLike {}
