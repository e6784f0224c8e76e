/// How sure a figure is, least first.
public enum Confidence: String, CanonicalWord, Hashable, Comparable {
  /// Never published; a replay needs a value, and its note says why this one.
  case assumed
  /// Somebody said so in public.
  case announced
  /// A contract says so.
  case contracted
  /// It arrived.
  case delivered
  /// It arrived and was found to be what was ordered.
  case accepted

  private var rank: Int {
    switch self {
    case .assumed: 0
    case .announced: 1
    case .contracted: 2
    case .delivered: 3
    case .accepted: 4
    }
  }
  public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
}

/// A number with who said it, when, and how sure it is. No figure stands without them.
public struct Figure: Hashable, Record {
  public let value: Int64
  public let confidence: Confidence
  public let source: SourceID
  public let on: Day
  public let note: Bilingual?

  public init(
    value: Int64, confidence: Confidence, source: SourceID, on: Day, note: Bilingual?
  ) {
    self.value = value
    self.confidence = confidence
    self.source = source
    self.on = on
    self.note = note
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("confidence", confidence)
    writer.field("note", note)
    writer.field("on", on)
    writer.field("source", source)
    writer.field("value", value)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    confidence = try reader.field("confidence")
    note = try reader.field("note")
    on = try reader.field("on")
    source = try reader.field("source")
    value = try reader.field("value")
  }
}

/// What is claimed of one amount. Sources that disagree stand side by side: the programme
/// calculates with the first and shows them all.
public struct Claims: Hashable, Canonical {
  /// The one the programme calculates with.
  public let first: Figure
  public let others: [Figure]

  public init(first: Figure, others: [Figure] = []) {
    self.first = first
    self.others = others
  }

  public var all: [Figure] { [first] + others }
  public var value: Int64 { first.value }

  public func write(to writer: inout CanonicalWriter) { all.write(to: &writer) }

  public init(from reader: inout CanonicalReader) throws(Malformed) {
    let all = try [Figure](from: &reader)
    guard let first = all.first else { throw reader.malformed("a figure") }
    self.init(first: first, others: Array(all.dropFirst()))
  }
}

/// Where a figure comes from: an article, a notice, a contract.
public struct Source: Hashable, Record {
  public let slug: Slug
  public let title: Text
  public let publisher: Text
  public let on: Day
  /// Whether the day itself is known, or only the month.
  public let dayKnown: Bool
  public let url: Text?

  public init(
    slug: Slug, title: Text, publisher: Text, on: Day, dayKnown: Bool, url: Text?
  ) {
    self.slug = slug
    self.title = title
    self.publisher = publisher
    self.on = on
    self.dayKnown = dayKnown
    self.url = url
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("dayKnown", dayKnown)
    writer.field("on", on)
    writer.field("publisher", publisher)
    writer.field("slug", slug)
    writer.field("title", title)
    writer.field("url", url)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    dayKnown = try reader.field("dayKnown")
    on = try reader.field("on")
    publisher = try reader.field("publisher")
    slug = try reader.field("slug")
    title = try reader.field("title")
    url = try reader.field("url")
  }
}
