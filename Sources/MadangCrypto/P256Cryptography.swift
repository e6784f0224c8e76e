import CMadangCrypto
public import MadangProgramme

/// Profile `kr-public`: SHA-256 and ECDSA over P-256, for owners who may only use algorithms on
/// their country's approved list.
///
/// A private key is a scalar of 32 bytes, a public key the uncompressed point of 65, a signature
/// `r ‖ s` of 64. Signatures are randomised: two over the same message differ.
public struct P256Cryptography: Cryptography {
  /// The profile has no settings.
  public init() {}

  public var profile: String { "kr-public" }
  public var hashAlgorithm: String { SHA256.algorithm }
  public var signatureAlgorithm: String { "ecdsa-p256-sha256" }

  public func hash(_ bytes: [UInt8]) -> Digest { SHA256.hash(bytes) }

  public func makeSigningKey() throws(CryptographyError) -> SigningKey {
    var scalar = [UInt8](repeating: 0, count: Int(MADANG_P256_PRIVATE_BYTES))
    var publicKey = [UInt8](repeating: 0, count: Int(MADANG_P256_PUBLIC_BYTES))
    guard madang_p256_generate(&scalar, &publicKey) == 1 else {
      throw .libraryFailed(operation: "making a P-256 key")
    }
    return SigningKey(algorithm: signatureAlgorithm, privateBytes: scalar, publicBytes: publicKey)
  }

  public func signingKey(privateBytes: [UInt8]) throws(CryptographyError) -> SigningKey {
    var publicKey = [UInt8](repeating: 0, count: Int(MADANG_P256_PUBLIC_BYTES))
    guard privateBytes.count == Int(MADANG_P256_PRIVATE_BYTES),
      madang_p256_public(privateBytes, &publicKey) == 1
    else { throw .malformedKey(algorithm: signatureAlgorithm) }
    return SigningKey(
      algorithm: signatureAlgorithm, privateBytes: privateBytes, publicBytes: publicKey)
  }

  public func sign(
    _ message: [UInt8], with key: SigningKey
  ) throws(CryptographyError) -> Signature {
    try check(key)
    var signature = [UInt8](repeating: 0, count: Int(MADANG_SIGNATURE_BYTES))
    guard madang_p256_sign(key.privateBytes, message, message.count, &signature) == 1 else {
      throw .libraryFailed(operation: "signing with P-256")
    }
    return Signature(algorithm: key.algorithm, publicKey: key.publicBytes, bytes: signature)
  }

  public func verify(_ signature: Signature, over message: [UInt8]) -> Bool {
    signature.algorithm == signatureAlgorithm
      && signature.publicKey.count == Int(MADANG_P256_PUBLIC_BYTES)
      && signature.bytes.count == Int(MADANG_SIGNATURE_BYTES)
      && madang_p256_verify(signature.publicKey, message, message.count, signature.bytes) == 1
  }
}
