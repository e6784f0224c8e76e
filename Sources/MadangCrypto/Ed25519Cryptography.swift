import CMadangCrypto
public import MadangProgramme

/// Profile `default`: SHA-256 and Ed25519 (RFC 8032) from seeds of 32 bytes.
///
/// Signatures are deterministic: the same key and message give the same bytes.
public struct Ed25519Cryptography: Cryptography {
  /// The profile has no settings.
  public init() {}

  public var profile: String { "default" }
  public var hashAlgorithm: String { SHA256.algorithm }
  public var signatureAlgorithm: String { "ed25519" }

  public func hash(_ bytes: [UInt8]) -> Digest { SHA256.hash(bytes) }

  public func makeSigningKey() throws(CryptographyError) -> SigningKey {
    var seed = [UInt8](repeating: 0, count: Int(MADANG_ED25519_SEED_BYTES))
    var publicKey = [UInt8](repeating: 0, count: Int(MADANG_ED25519_PUBLIC_BYTES))
    guard madang_ed25519_generate(&seed, &publicKey) == 1 else {
      throw .libraryFailed(operation: "making an ed25519 key")
    }
    return SigningKey(algorithm: signatureAlgorithm, privateBytes: seed, publicBytes: publicKey)
  }

  public func signingKey(privateBytes: [UInt8]) throws(CryptographyError) -> SigningKey {
    var publicKey = [UInt8](repeating: 0, count: Int(MADANG_ED25519_PUBLIC_BYTES))
    guard privateBytes.count == Int(MADANG_ED25519_SEED_BYTES),
      madang_ed25519_public(privateBytes, &publicKey) == 1
    else { throw .malformedKey(algorithm: signatureAlgorithm) }
    return SigningKey(
      algorithm: signatureAlgorithm, privateBytes: privateBytes, publicBytes: publicKey)
  }

  public func sign(
    _ message: [UInt8], with key: SigningKey
  ) throws(CryptographyError) -> Signature {
    try check(key)
    var signature = [UInt8](repeating: 0, count: Int(MADANG_SIGNATURE_BYTES))
    guard madang_ed25519_sign(key.privateBytes, message, message.count, &signature) == 1 else {
      throw .libraryFailed(operation: "signing with ed25519")
    }
    return Signature(algorithm: key.algorithm, publicKey: key.publicBytes, bytes: signature)
  }

  public func verify(_ signature: Signature, over message: [UInt8]) -> Bool {
    signature.algorithm == signatureAlgorithm
      && signature.publicKey.count == Int(MADANG_ED25519_PUBLIC_BYTES)
      && signature.bytes.count == Int(MADANG_SIGNATURE_BYTES)
      && madang_ed25519_verify(signature.publicKey, message, message.count, signature.bytes) == 1
  }
}
