import CMadangCrypto

/// A public key of somebody else's, whose signatures are checked and never made here: those of an
/// identity provider (RFC 7518, RS256 and ES256). No profile of ours signs with RSA.
public enum ForeignKey: Hashable, Sendable {
  /// RSASSA-PKCS1-v1_5 with SHA-256. Big-endian; at least 2,048 bits, or nothing is believed.
  case rsa(modulus: [UInt8], exponent: [UInt8])
  /// ECDSA over P-256 with SHA-256. The point, 32 bytes each.
  case p256(x: [UInt8], y: [UInt8])

  /// Whether the holder of this key signed the message. A malformed key is a no.
  public func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
    switch self {
    case .rsa(let modulus, let exponent):
      return madang_rsa_sha256_verify(
        modulus, modulus.count, exponent, exponent.count, message, message.count, signature,
        signature.count) == 1
    case .p256(let x, let y):
      let half = Int(MADANG_P256_PRIVATE_BYTES)
      guard x.count == half, y.count == half else { return false }
      let cryptography = P256Cryptography()
      return cryptography.verify(
        Signature(
          algorithm: cryptography.signatureAlgorithm, publicKey: [4] + x + y, bytes: signature),
        over: message)
    }
  }
}
