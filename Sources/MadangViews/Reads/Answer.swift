public import MadangProgramme

/// What a read or a decision answers: for programs, and for people at a terminal. Each is made only
/// when it is asked for.
///
/// The API serves both (`Accept: text/plain`), and the command line prints them: on a folder from
/// here, from a server as they were sent.
public struct Answer: Sendable {
  private let makeJSON: @Sendable () -> JSON
  private let makeText: @Sendable (Prose) -> String
  /// Where the next page of a list begins; nothing at its end.
  public let next: Int64?
  /// What of somebody's affairs is seen by whoever reads it, to be noted.
  public var seen: (what: String, subject: String)?

  public init(
    next: Int64? = nil, _ json: @autoclosure @escaping @Sendable () -> JSON,
    text: @escaping @Sendable (Prose) -> String
  ) {
    makeJSON = json
    makeText = text
    self.next = next
  }

  /// What has no words of its own for people: they read the JSON.
  public init(
    next: Int64? = nil, _ json: @autoclosure @escaping @Sendable () -> JSON
  ) {
    makeJSON = json
    makeText = { _ in json().pretty }
    self.next = next
  }

  public var json: JSON { makeJSON() }

  public func text(_ language: Language) -> String { makeText(Prose(language)) }

  func noting(_ what: String, _ subject: String) -> Answer {
    var answer = self
    answer.seen = (what, subject)
    return answer
  }
}

/// A page of a list: from the request's cursor on, at most as many as its limit.
public struct Slice<Item: Sendable>: Sendable {
  public let items: [Item]
  public let total: Int
  public let next: Int64?

  /// Items of a page where the request names no number.
  public static var usual: Int64 { 100 }

  public init(_ all: [Item], _ values: Values) {
    self.init(of: all.count, values) { Array(all[$0]) }
  }

  /// Of so many, of which those of the page alone are fetched.
  public init(
    of total: Int, _ values: Values, _ fetch: (Range<Int>) throws -> [Item]
  ) rethrows {
    let start = min(total, Int(clamping: values.integer("cursor") ?? 0))
    let end = min(total, start + Int(clamping: values.integer("limit") ?? Slice.usual))
    items = try fetch(start..<end)
    self.total = total
    next = end < total ? Int64(end) : nil
  }

  public func json(_ json: (Item) -> JSON) -> JSON {
    .object([
      ("items", .array(items.map(json))), ("total", .int(total)),
      ("next", .optional(next)),
    ])
  }
}
