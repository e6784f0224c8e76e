/// How passwords are hashed: an algorithm with its parameters.
///
/// A profile says how new records are made. Records carry their own algorithm and parameters, so
/// that those made under another profile still hold, and are made anew at the next sign-in.
public struct PasswordProfile: Sendable, Hashable {
  enum Algorithm: Sendable, Hashable {
    /// RFC 7914 with N = 2^log2N: 128 × r × N bytes of memory.
    case scrypt(log2N: UInt8, r: UInt32, p: UInt32)
    /// RFC 8018 with HMAC-SHA-256.
    case pbkdf2(iterations: UInt32)
  }

  let algorithm: Algorithm

  /// Profile *default*: scrypt with N = 2¹⁵, r = 8, p = 1, which takes 32 MiB for each guess.
  public static let scrypt = PasswordProfile(algorithm: .scrypt(log2N: 15, r: 8, p: 1))

  /// Profile *kr-public*, for owners who may only use algorithms on their country's list:
  /// PBKDF2-HMAC-SHA256, 600,000 iterations (OWASP's figure for it).
  public static let pbkdf2 = PasswordProfile(algorithm: .pbkdf2(iterations: 600_000))

  /// The one that belongs to a profile of cryptography, by its name in a programme's data.
  public static func of(cryptography name: String) -> PasswordProfile {
    name == "kr-public" ? .pbkdf2 : .scrypt
  }
}
