public import MadangProgramme

/// The one door to cryptography: an implementation is a *profile*, chosen by the programme's data.
///
/// | profile     | hash     | signature           |
/// |-------------|----------|---------------------|
/// | `default`   | `sha256` | `ed25519`           |
/// | `kr-public` | `sha256` | `ecdsa-p256-sha256` |
public protocol Cryptography: Sendable {
  /// The profile's name in a programme's data.
  var profile: String { get }
  /// Identifies the hash wherever one is written.
  var hashAlgorithm: String { get }
  /// Identifies the signature algorithm on every key and signature.
  var signatureAlgorithm: String { get }

  /// The hash of the bytes.
  func hash(_ bytes: [UInt8]) -> Digest

  /// A fresh key from the system's random generator.
  func makeSigningKey() throws(CryptographyError) -> SigningKey

  /// The key of these private bytes, its public bytes derived anew.
  func signingKey(privateBytes: [UInt8]) throws(CryptographyError) -> SigningKey

  /// The key's signature over the message.
  func sign(_ message: [UInt8], with key: SigningKey) throws(CryptographyError) -> Signature

  /// Whether the signature is this profile's, well-formed, and made over the message by the holder
  /// of its public key. Whether that key is to be trusted is the caller's to say.
  func verify(_ signature: Signature, over message: [UInt8]) -> Bool
}

/// The profiles there are.
public enum CryptographyProfile {
  /// Every profile, by name.
  public static let all: [any Cryptography] = [Ed25519Cryptography(), P256Cryptography()]

  /// The profile of this name, or nil.
  public static func named(_ name: String) -> (any Cryptography)? {
    all.first { $0.profile == name }
  }

  /// The profile that makes and checks such signatures, or nil: a ledger outlives its profile, so
  /// old heads are checked by the algorithm that stands on them.
  public static func signing(with algorithm: String) -> (any Cryptography)? {
    all.first { $0.signatureAlgorithm == algorithm }
  }
}

/// What can fail in making keys and signatures.
public enum CryptographyError: Error, Hashable {
  /// The private bytes are no key of this algorithm.
  case malformedKey(algorithm: String)
  /// The key belongs to another algorithm than the profile's.
  case otherAlgorithm(expected: String, found: String)
  /// The system's library refused; it has no random bytes or no memory.
  case libraryFailed(operation: String)
}

/// A private key with its public half. It never shows its private bytes in a text or a reflection.
public struct SigningKey: Sendable {
  /// The signature algorithm it belongs to.
  public let algorithm: String
  /// The secret: to be written to the key's own file, and nowhere else.
  public let privateBytes: [UInt8]
  /// What others verify with.
  public let publicBytes: [UInt8]

  /// Only a profile makes keys, so that the two halves always belong together.
  init(algorithm: String, privateBytes: [UInt8], publicBytes: [UInt8]) {
    self.algorithm = algorithm
    self.privateBytes = privateBytes
    self.publicBytes = publicBytes
  }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The algorithm and nothing else.
  public var description: String { "SigningKey(\(algorithm), hidden)" }
  /// The algorithm and nothing else.
  public var debugDescription: String { description }
  /// No children, so that `dump` shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A signature that says how it was made and by which key.
public struct Signature: Hashable, Sendable {
  /// The signature algorithm.
  public let algorithm: String
  /// The public key it claims.
  public let publicKey: [UInt8]
  /// The signature itself.
  public let bytes: [UInt8]

  /// A signature as it was read, not yet verified.
  public init(algorithm: String, publicKey: [UInt8], bytes: [UInt8]) {
    self.algorithm = algorithm
    self.publicKey = publicKey
    self.bytes = bytes
  }
}

extension Cryptography {
  /// Refuses a key of another algorithm.
  func check(_ key: SigningKey) throws(CryptographyError) {
    guard key.algorithm == signatureAlgorithm else {
      throw .otherAlgorithm(expected: signatureAlgorithm, found: key.algorithm)
    }
  }
}
