/// A quotient of two whole numbers, kept exact until it is shown.
public struct Fraction: Sendable, Hashable {
  public let over: Int128
  public let under: Int128

  public init(_ over: Int128, _ under: Int128) {
    self.over = over
    self.under = under
  }

  public init(_ over: some BinaryInteger, _ under: some BinaryInteger) {
    self.init(Int128(over), Int128(under))
  }

  /// In units of 10^−places, half away from zero; 0 where nothing is divided.
  public func scaled(_ places: Int) -> Int128 {
    guard under > 0 else { return 0 }
    let factor = (0..<places).reduce(into: Int128(1)) { power, _ in power *= 10 }
    let (whole, rest) = over.magnitude.quotientAndRemainder(dividingBy: under.magnitude)
    let part = (rest * factor.magnitude + under.magnitude / 2) / under.magnitude
    let value = Int128(whole) * factor + Int128(part)
    return over < 0 ? -value : value
  }

  /// `190377.377`.
  public func text(_ places: Int) -> String {
    let value = scaled(places)
    var digits = String(value.magnitude)
    while digits.utf8.count <= places { digits = "0" + digits }
    let sign = value < 0 ? "-" : ""
    guard places > 0 else { return sign + digits }
    let point = digits.index(digits.endIndex, offsetBy: -places)
    return sign + digits[..<point] + "." + digits[point...]
  }
}
