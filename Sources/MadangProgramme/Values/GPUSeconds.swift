/// GPU time: one GPU for one second. Of which model is said beside it: seconds of two models are
/// added only through a conversion.
///
/// Exact and bounded: all GPUs of `Limits.gpusMax` for twenty-eight years stay within 2⁵³ − 1, and
/// forty times less, the largest programme announced, for ever.
public struct GPUSeconds: Hashable, Comparable, Sendable {
  public let count: Int64

  public init(_ count: Int64) {
    precondition(abs(count) <= Limits.integerMax, "GPU-seconds out of range")
    self.count = count
  }

  /// `gpus` for `seconds`. Nothing where that passes the limit.
  public init?(gpus: Int64, seconds: Int64) {
    let (product, overflow) = gpus.multipliedReportingOverflow(by: seconds)
    guard !overflow, abs(product) <= Limits.integerMax else { return nil }
    count = product
  }

  public static let zero = GPUSeconds(0)

  public static func + (a: Self, b: Self) -> Self { GPUSeconds(a.count + b.count) }
  public static func - (a: Self, b: Self) -> Self { GPUSeconds(a.count - b.count) }
  public static func += (a: inout Self, b: Self) { a = a + b }
  public static func -= (a: inout Self, b: Self) { a = a - b }
  public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
}

extension GPUSeconds: CustomStringConvertible {
  public var description: String { "\(count) GPU s" }
}

extension GPUSeconds: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.integer(count) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    self.init(try reader.integer())
  }
}
