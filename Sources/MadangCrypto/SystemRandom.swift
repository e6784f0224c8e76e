import CMadangCrypto

/// The shell's source of secrets: salts of commitments, identifiers of people. Pure parts receive
/// its bytes as values.
public enum SystemRandom {
  /// Fresh unpredictable bytes. O(n).
  public static func bytes(count: Int) throws(CryptographyError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard madang_random(&bytes, count) == 1 else {
      throw .libraryFailed(operation: "drawing random bytes")
    }
    return bytes
  }

  /// A fresh salt for one commitment.
  public static func salt() throws(CryptographyError) -> [UInt8] {
    try bytes(count: SHA256.saltByteCount)
  }
}
