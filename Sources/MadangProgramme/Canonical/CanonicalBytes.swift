/// How text, digits and numbers are added to canonical bytes: each piece in one step, since most of
/// the journal's work is writing them.
extension [UInt8] {
  package mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { unsafe append(contentsOf: $0) }
  }

  package mutating func append(text: String) {
    var text = text
    text.withUTF8 { unsafe append(contentsOf: $0) }
  }

  /// Sixteen lowercase hexadecimal digits.
  package mutating func append(hex word: UInt64) {
    let (high, low) = Digest.hexDigits(of: word)
    unsafe Swift.withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) {
      unsafe append(contentsOf: $0)
    }
  }

  /// The 64 digits of a digest.
  package mutating func append(hex digest: Digest) {
    let (w0, w1) = (Digest.hexDigits(of: digest.w0), Digest.hexDigits(of: digest.w1))
    let (w2, w3) = (Digest.hexDigits(of: digest.w2), Digest.hexDigits(of: digest.w3))
    let digits = (
      w0.0.bigEndian, w0.1.bigEndian, w1.0.bigEndian, w1.1.bigEndian,
      w2.0.bigEndian, w2.1.bigEndian, w3.0.bigEndian, w3.1.bigEndian
    )
    unsafe Swift.withUnsafeBytes(of: digits) { unsafe append(contentsOf: $0) }
  }

  /// The digits of a whole number, with its sign where it is negative.
  package mutating func append(decimal value: Int64) {
    // From the last digit: dividing by ten is a multiplication, by any other number is not.
    var rest = value.magnitude
    var digits: UInt128 = 0
    var count = 0
    while rest >= 10 {
      digits = digits << 8 | UInt128(0x30 + rest % 10)
      rest /= 10
      count += 1
    }
    append(addingCapacity: count + 2) { out in
      if value < 0 { out.append(UInt8(ascii: "-")) }
      out.append(UInt8(0x30 + rest))
      for _ in 0..<count {
        out.append(UInt8(truncatingIfNeeded: digits))
        digits >>= 8
      }
    }
  }

  /// Whether JSON takes these bytes as they are: no `"`, no `\`, no control character.
  static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var found = false
    // Without leaving early, so that it is done many bytes at a time.
    for index in 0..<bytes.count {
      let byte = unsafe bytes[index]
      found = found || byte < 0x20 || byte == 0x22 || byte == 0x5C
    }
    return !found
  }
}

extension Digest {
  /// The sixteen hexadecimal digits of a word as ASCII, the first digit highest: the first eight,
  /// and the last eight.
  static func hexDigits(of word: UInt64) -> (UInt64, UInt64) {
    (hexDigits(ofHalf: word >> 32), hexDigits(ofHalf: word & 0xFFFF_FFFF))
  }

  /// Spreads eight nibbles over eight bytes, and turns each into its digit, all at once:
  ///
  ///     0x00000000_0123abcd → 0x00010203_0a0b0c0d → "0123abcd"
  private static func hexDigits(ofHalf half: UInt64) -> UInt64 {
    var digits = half << 16 & 0x0000_FFFF_0000_0000 | half & 0xFFFF
    digits = digits << 8 & 0x00FF_0000_00FF_0000 | digits & 0x0000_00FF_0000_00FF
    digits = digits << 4 & 0x0F00_0F00_0F00_0F00 | digits & 0x000F_000F_000F_000F
    // Six more than a nibble is sixteen or more from ten on, which are letters.
    let letters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    // 0x27 lie between the character after "9" and "a".
    return digits &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
  }
}
