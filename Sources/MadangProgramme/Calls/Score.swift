/// An exact score: points over (weight sum × reviews). Scores are compared by cross-multiplying.
public struct Score: Hashable, Comparable, Sendable {
  /// Sum of weight × points over criteria and reviews, bonus included.
  public let points: Int64
  /// Sum of weights × number of reviews; 0 where nobody reviewed.
  public let scale: Int64

  public init(points: Int64, scale: Int64) {
    precondition(points >= 0 && scale >= 0, "a score is not negative")
    self.points = points
    self.scale = scale
  }

  public static let none = Score(points: 0, scale: 0)

  /// Nobody reviewed it.
  public var isNone: Bool { scale == 0 }

  public static func < (a: Self, b: Self) -> Bool {
    // points ≤ 2^53 and scale ≤ 2^53, so the products stay inside Int128.
    Int128(a.points) * Int128(max(b.scale, 1)) < Int128(b.points) * Int128(max(a.scale, 1))
  }

  public static func == (a: Self, b: Self) -> Bool { !(a < b) && !(b < a) }

  public func hash(into hasher: inout Hasher) { hasher.combine(points / max(scale, 1)) }

  public func isBelow(_ minimum: Int64) -> Bool {
    Int128(points) < Int128(minimum) * Int128(max(scale, 1))
  }

  /// Points of 100 in thousandths, cut: for display only.
  public var milliPoints: Int64 { Int64(Int128(points) * 1_000 / Int128(max(scale, 1))) }
}

extension Score: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("points", points)
    writer.field("scale", scale)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let points: Int64 = try reader.field("points")
    let scale: Int64 = try reader.field("scale")
    guard points >= 0, scale >= 0 else { throw reader.malformed("score") }
    self.init(points: points, scale: scale)
  }
}
