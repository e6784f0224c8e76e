import CMadangCrypto
import Foundation
import MadangCrypto

/// What is kept of a password: algorithm, parameters, salt and hash, in one line.
///
///     scrypt$15$8$1$SALT$HASH              log2 N, r, p
///     pbkdf2-sha256$600000$SALT$HASH       iterations
///
/// SALT is 16 and HASH 32 bytes, in base64url without padding.
struct PasswordRecord: Sendable, Hashable {
  let profile: PasswordProfile
  private let salt: [UInt8]
  private let hash: [UInt8]

  static let hashByteCount = 32
  static let charactersMin = 8
  /// Longer ones are refused before any work is spent on them.
  static let charactersMax = 256

  /// Hashes a password under a fresh salt. It takes about 0.1 s of a core.
  init(of password: String, _ profile: PasswordProfile) throws(CryptographyError) {
    let salt = try SystemRandom.salt()
    self.profile = profile
    self.salt = salt
    hash = try PasswordRecord.hash(password, salt, profile)
  }

  /// A record that no password fits, for names that nobody has: checking it costs the same time.
  init(fittingNone profile: PasswordProfile) throws(CryptographyError) {
    self.profile = profile
    salt = try SystemRandom.salt()
    hash = try SystemRandom.bytes(count: PasswordRecord.hashByteCount)
  }

  /// Whether it is this password; a failure of the library is a no.
  func fits(_ password: String) -> Bool {
    do throws(CryptographyError) {
      let found = try PasswordRecord.hash(password, salt, profile)
      return found.count == hash.count && madang_equal(found, hash, hash.count) == 1
    } catch {
      return false
    }
  }

  /// Why a new password is not taken, or nothing.
  static func fault(_ password: String, of name: String) -> AccessRefusal? {
    let count = composed(password).unicodeScalars.count
    if count > charactersMax { return .longPassword(maximum: charactersMax) }
    if count < charactersMin || password.lowercased() == name {
      return .weakPassword(minimum: charactersMin)
    }
    return nil
  }

  /// One password has one spelling, whatever keyboard wrote it.
  private static func composed(_ password: String) -> String {
    password.precomposedStringWithCanonicalMapping
  }

  private static func hash(
    _ password: String, _ salt: [UInt8], _ profile: PasswordProfile
  ) throws(CryptographyError) -> [UInt8] {
    let bytes = Array(composed(password).utf8)
    var out = [UInt8](repeating: 0, count: hashByteCount)
    let done: Int32
    switch profile.algorithm {
    case .scrypt(let log2N, let r, let p):
      done = madang_scrypt(bytes, bytes.count, salt, salt.count, log2N, r, p, &out, out.count)
    case .pbkdf2(let iterations):
      done = madang_pbkdf2_sha256(
        bytes, bytes.count, salt, salt.count, iterations, &out, out.count)
    }
    guard done == 1 else { throw .libraryFailed(operation: "hashing a password") }
    return out
  }
}

// The line as it is stored.
extension PasswordRecord {
  var text: String {
    let parameters =
      switch profile.algorithm {
      case .scrypt(let log2N, let r, let p): "scrypt$\(log2N)$\(r)$\(p)"
      case .pbkdf2(let iterations): "pbkdf2-sha256$\(iterations)"
      }
    return "\(parameters)$\(Base64URL.text(salt))$\(Base64URL.text(hash))"
  }

  /// Reads a line, or nothing where it is another text.
  init?(_ text: String) {
    let words = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
    switch words.first {
    case "scrypt":
      guard words.count == 6, let log2N = UInt8(words[1]), let r = UInt32(words[2]),
        let p = UInt32(words[3])
      else { return nil }
      profile = PasswordProfile(algorithm: .scrypt(log2N: log2N, r: r, p: p))
    case "pbkdf2-sha256":
      guard words.count == 4, let iterations = UInt32(words[1]) else { return nil }
      profile = PasswordProfile(algorithm: .pbkdf2(iterations: iterations))
    default: return nil
    }
    guard let salt = Base64URL.bytes(words[words.count - 2]), salt.count == SHA256.saltByteCount,
      let hash = Base64URL.bytes(words[words.count - 1]),
      hash.count == PasswordRecord.hashByteCount
    else { return nil }
    self.salt = salt
    self.hash = hash
  }
}
