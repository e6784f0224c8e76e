public import MadangProgramme
public import MadangViews

/// What a page is made from: the programme, who looks, in which language, at which address.
public struct PageContext: Sendable {
  public let programme: Programme
  public let caller: Caller
  public let language: Language
  /// The address without its query, such as `/supply`.
  public let path: String
  public let query: [(name: String, value: String)]
  /// The moment that counts as now.
  public let now: Instant
  /// What a form of this session must carry; nothing for somebody signed out.
  public let csrf: String?
  /// A key for each form, so that pressing twice does one thing.
  public let formKey: String

  public init(
    programme: Programme, caller: Caller, language: Language, path: String,
    query: [(name: String, value: String)], now: Instant, csrf: String?, formKey: String
  ) {
    self.programme = programme
    self.caller = caller
    self.language = language
    self.path = path
    self.query = query.filter { PageContext.names.contains($0.name) }
    self.now = now
    self.csrf = csrf
    self.formKey = formKey
  }

  public func say(ko: String, en: String) -> String { language == .ko ? ko : en }

  func say(_ text: Bilingual) -> String { text[language] }

  /// All that a page may ask its address for. Whatever else stands there makes no other page, so
  /// that nobody has the same one made anew by adding to its address.
  private static let names: Set = [
    "back", "before", "by", "change", "cluster", "colour", "day", "event", "export", "model",
    "notice",
    "page", "rank", "rows", "sort", "text", "type",
  ]

  public func query(_ name: String) -> String? {
    assert(PageContext.names.contains(name), "\(name) is not among what a page may ask for")
    return query.last { $0.name == name }?.value
  }

  /// The whole of it, as far as pages know it.
  public var address: String { path + PageContext.text(of: query) }

  /// This address with one part of its query set, or taken away.
  func address(_ name: String, _ value: String?) -> String {
    var parts = query.filter { $0.name != name && $0.name != "notice" }
    if let value { parts.append((name, value)) }
    return path + PageContext.text(of: parts)
  }

  /// What an address asks of one table: of `page=lines.2`, the 2 for `lines`.
  func query(_ name: String, of table: String) -> String? {
    query.last { $0.name == name && $0.value.hasPrefix(table + ".") }
      .map { String($0.value.dropFirst(table.count + 1)) }
  }

  /// This address with these parts of it set for one table, or taken away; other tables stay as
  /// they are.
  func address(of table: String, _ asked: [(name: String, value: String?)]) -> String {
    var parts = query.filter { part in
      part.name != "notice"
        && !asked.contains { $0.name == part.name && part.value.hasPrefix(table + ".") }
    }
    for (name, value) in asked {
      if let value { parts.append((name, "\(table).\(value)")) }
    }
    return path + PageContext.text(of: parts)
  }

  static func text(of query: [(name: String, value: String)]) -> String {
    if query.isEmpty { return "" }
    return "?"
      + query.map { "\(PercentText.encoded($0.name))=\(PercentText.encoded($0.value))" }
      .joined(separator: "&")
  }

  /// The programme's day.
  public var today: Day? { programme.civilDay }

  /// `2026-03-03 12:00` in the programme's zone.
  func time(_ instant: Instant) -> String {
    guard let days = programme.charter?.days, let day = days.day(of: instant),
      let start = days.start(of: day)
    else { return "\(instant.seconds)" }
    let minutes = (instant.seconds - start.seconds) / 60
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(date(day)) \(two(minutes / 60)):\(two(minutes % 60))"
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `2026. 3. 3.` in Korean, `3 Mar 2026` in English.
  func date(_ day: Day) -> String {
    let (year, month, day) = day.civil
    return language == .ko
      ? "\(year). \(month). \(day)." : "\(day) \(PageContext.months[month - 1]) \(year)"
  }

  /// `3. 3.` in Korean, `3 Mar` in English.
  func shortDate(_ day: Day) -> String {
    let (_, month, day) = day.civil
    return language == .ko ? "\(month). \(day)." : "\(day) \(PageContext.months[month - 1])"
  }

  /// A term, whose last day is in it for people: half-open terms are for machines.
  func term(_ term: Term) -> String {
    "\(date(term.from)) – \(date(term.to.advanced(by: -1)))"
  }

  /// GPU time in hours, cut to whole ones.
  func hours(_ seconds: GPUSeconds) -> String {
    (seconds.count / 3_600).grouped + say(ko: " GPU시간", en: " GPU hours")
  }

  /// Thousandths as per cent, to one decimal, cut: `50.3 %`.
  func percent(_ part: Int64, of whole: Int64) -> String {
    guard whole > 0 else { return "–" }
    let tenths = Int64(Int128(part) * 1_000 / Int128(whole))
    return "\(tenths / 10).\(abs(tenths % 10))%"
  }

  func name(_ confidence: Confidence) -> String { confidence.name(language) }
}

/// Percent-encoding of queries and forms (WHATWG URL, application/x-www-form-urlencoded).
public enum PercentText {
  public static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 48...57, 65...90, 97...122, 45, 46, 95, 126: bytes.append(byte)
      default: bytes += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Nothing where it is not text, or an escape is torn.
  public static func decoded(_ text: some StringProtocol) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8.makeIterator()
    func digit(_ byte: UInt8?) -> UInt8? {
      switch byte {
      case let byte? where (48...57).contains(byte): byte - 48
      case let byte? where (65...70).contains(byte): byte - 55
      case let byte? where (97...102).contains(byte): byte - 87
      default: nil
      }
    }
    while let byte = rest.next() {
      switch byte {
      case 37:
        guard let high = digit(rest.next()), let low = digit(rest.next()) else { return nil }
        bytes.append(high << 4 | low)
      case 43: bytes.append(32)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// The fields of a query or a form, in their order; nothing where one is not text, or there are
  /// more than `max`.
  public static func fields(
    _ text: some StringProtocol, max: Int = 200
  ) -> [(name: String, value: String)]? {
    var fields: [(name: String, value: String)] = []
    for part in text.split(separator: "&") {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard fields.count < max, let name = decoded(sides[0]),
        let value = decoded(sides.count > 1 ? sides[1] : "")
      else { return nil }
      fields.append((name, value))
    }
    return fields
  }
}
