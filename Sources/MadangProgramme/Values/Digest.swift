/// A 256-bit hash, as four big-endian words: flat, without a reference, cheap to compare and copy.
///
/// The programme only carries digests; it never computes one. Which algorithm made it stands where
/// the digest is written ("sha256").
public struct Digest: Hashable, Sendable {
  /// Bytes 0 to 7, the first byte highest.
  public let w0: UInt64
  /// Bytes 8 to 15.
  public let w1: UInt64
  /// Bytes 16 to 23.
  public let w2: UInt64
  /// Bytes 24 to 31.
  public let w3: UInt64

  /// The number of bytes in a digest.
  public static let byteCount = 32

  /// The digest of these four big-endian words.
  @inlinable
  public init(_ w0: UInt64, _ w1: UInt64, _ w2: UInt64, _ w3: UInt64) {
    self.w0 = w0
    self.w1 = w1
    self.w2 = w2
    self.w3 = w3
  }

  /// The digest of exactly 32 bytes.
  @inlinable
  public init(bytes: some Collection<UInt8>) {
    precondition(bytes.count == 32, "a digest has 32 bytes")
    var iterator = bytes.makeIterator()
    let w0 = Digest.word(from: &iterator)
    let w1 = Digest.word(from: &iterator)
    let w2 = Digest.word(from: &iterator)
    let w3 = Digest.word(from: &iterator)
    self.init(w0, w1, w2, w3)
  }

  /// The digest written as 64 lowercase hexadecimal digits; nil for any other text, capitals
  /// included, so that a digest has one spelling.
  public init?(hex: String) {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var count = 0
    for character in hex.utf8 {
      let nibble: UInt64
      switch character {
      case 0x30...0x39: nibble = UInt64(character - 0x30)
      case 0x61...0x66: nibble = UInt64(character - 0x61 + 10)
      default: return nil
      }
      switch count >> 4 {
      case 0: words.0 = words.0 << 4 | nibble
      case 1: words.1 = words.1 << 4 | nibble
      case 2: words.2 = words.2 << 4 | nibble
      case 3: words.3 = words.3 << 4 | nibble
      default: return nil
      }
      count += 1
    }
    guard count == 64 else { return nil }
    self.init(words.0, words.1, words.2, words.3)
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    for word in [w0, w1, w2, w3] {
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return bytes
  }

  /// The 64 lowercase hexadecimal digits.
  public var hex: String {
    var digits: [UInt8] = []
    digits.reserveCapacity(64)
    digits.append(hex: self)
    return String(decoding: digits, as: UTF8.self)
  }

  @inlinable
  static func word(from iterator: inout some IteratorProtocol<UInt8>) -> UInt64 {
    var word: UInt64 = 0
    for _ in 0..<8 {
      word = word << 8 | UInt64(iterator.next() ?? 0)
    }
    return word
  }
}

extension Digest: CustomStringConvertible {
  /// The hexadecimal digits.
  public var description: String { hex }
}
