/// Lowercase hexadecimal digits to a number, eight at a time: half of a ledger's bytes are digests,
/// and whoever verifies it reads all of them.
public enum HexDigits {
  /// The 16 digits from `start` on, or nothing where one of them is none.
  ///
  /// - Precondition: they are there.
  public static func word(_ bytes: [UInt8], from start: Int) -> UInt64? {
    precondition(start >= 0 && start <= bytes.count - 16, "sixteen digits are there")
    let (high, low) = unsafe bytes.withUnsafeBytes { bytes in
      unsafe (
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self))
      )
    }
    guard let high = half(high), let low = half(low) else { return nil }
    return high << 32 | low
  }

  /// Eight characters, a byte each. A letter has bit 6, and counts 9 more than its low four bits:
  /// `a` is 0x61. What spells the same characters again was eight digits.
  private static func half(_ text: UInt64) -> UInt64? {
    let letters = text >> 6 & 0x0101_0101_0101_0101
    let values = text & 0x0F0F_0F0F_0F0F_0F0F &+ letters &* 9
    // 10 to 15 alone are letters: adding 118 reaches bit 7.
    let spelled = (values &+ 0x7676_7676_7676_7676) >> 7 & 0x0101_0101_0101_0101
    guard values & 0xF0F0_F0F0_F0F0_F0F0 == 0,
      values &+ 0x3030_3030_3030_3030 &+ spelled &* 0x27 == text
    else { return nil }
    let bytes = (values | values >> 4) & 0x00FF_00FF_00FF_00FF
    let pairs = (bytes | bytes >> 8) & 0x0000_FFFF_0000_FFFF
    return (pairs | pairs >> 16) & 0xFFFF_FFFF
  }
}
