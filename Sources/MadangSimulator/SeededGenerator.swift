/// Random numbers that a seed decides: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
///
/// Streams form a tree: a child's numbers do not move when its siblings draw more.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A stream of its own for `name`, decided by this stream's seed and the name alone.
  public func child(_ name: StaticString, _ index: Int = 0) -> SeededGenerator {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in "\(name)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var child = SeededGenerator(
      seed: state ^ hash ^ UInt64(bitPattern: Int64(index)) &* 0x9E37_79B9)
    _ = child.next()
    return child
  }

  /// A whole number of the range, each equally likely (rejection, no modulo bias).
  public mutating func draw(_ range: ClosedRange<Int>) -> Int {
    let width = UInt64(range.upperBound - range.lowerBound) + 1
    let limit = UInt64.max - UInt64.max % width
    var value = next()
    while value >= limit { value = next() }
    return range.lowerBound + Int(value % width)
  }
}
