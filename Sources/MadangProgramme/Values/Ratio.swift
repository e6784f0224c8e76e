/// An exact non-negative ratio in lowest terms. Shares, conversions and prices are ratios: nothing
/// is rounded before a rule says so.
public struct Ratio: Hashable, Sendable {
  public let numerator: Int64
  public let denominator: Int64

  /// Nothing for a negative ratio, a zero denominator, or parts above 2⁵³ − 1.
  public init?(_ numerator: Int64, _ denominator: Int64) {
    guard numerator >= 0, denominator > 0, numerator <= Limits.integerMax,
      denominator <= Limits.integerMax
    else { return nil }
    let divisor = Ratio.gcd(numerator, denominator)
    self.numerator = numerator / divisor
    self.denominator = denominator / divisor
  }

  public static let one = Ratio(whole: 1)

  init(whole: Int64) {
    numerator = whole
    denominator = 1
  }

  /// Reads `50%`, `1/3`, `0.5%` or `4`; nothing for anything else.
  public init?(_ text: String) {
    var body = Substring(text)
    var scale: Int64 = 1
    if body.hasSuffix("%") {
      body = body.dropLast()
      scale = 100
    }
    if let slash = body.firstIndex(of: "/") {
      let (above, below) = (body[..<slash], body[body.index(after: slash)...])
      guard scale == 1, Ratio.isDigits(above), Ratio.isDigits(below), let a = Int64(above),
        let b = Int64(below)
      else { return nil }
      self.init(a, b)
      return
    }
    if let point = body.firstIndex(of: ".") {
      let fraction = body[body.index(after: point)...]
      guard point > body.startIndex, (1...6).contains(fraction.count), Ratio.isDigits(fraction)
      else { return nil }
      for _ in 0..<fraction.count { scale *= 10 }
      body = body[..<point] + fraction
    }
    guard Ratio.isDigits(body), let number = Int64(body) else { return nil }
    self.init(number, scale)
  }

  private static func isDigits(_ text: Substring) -> Bool {
    text.utf8.allSatisfy { (48...57).contains($0) }
  }

  /// ⌊self × value⌋, exact.
  public func floor(of value: Int64) -> Int64 {
    Int64(Int128(numerator) * Int128(value) / Int128(denominator))
  }

  /// Nothing where the sum's parts pass 2⁵³ − 1.
  public static func sum(_ ratios: some Sequence<Ratio>) -> Ratio? {
    var total = Ratio(whole: 0)
    for ratio in ratios {
      let (a, o1) = total.numerator.multipliedReportingOverflow(by: ratio.denominator)
      let (b, o2) = ratio.numerator.multipliedReportingOverflow(by: total.denominator)
      let (n, o3) = a.addingReportingOverflow(b)
      let (d, o4) = total.denominator.multipliedReportingOverflow(by: ratio.denominator)
      guard !o1, !o2, !o3, !o4, let next = Ratio(n, d) else { return nil }
      total = next
    }
    return total
  }

  private static func gcd(_ a: Int64, _ b: Int64) -> Int64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return max(a, 1)
  }
}

extension Ratio: CustomStringConvertible {
  public var description: String {
    denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)"
  }
}

extension Ratio: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.text(description) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    let text = try reader.text()
    guard let ratio = Ratio(text), ratio.description == text else {
      throw reader.malformed("ratio in lowest terms")
    }
    self = ratio
  }
}
