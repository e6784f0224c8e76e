public import MadangProgramme

/// A signed root: these many events, in this order, with these bytes. Whoever keeps one can later
/// prove what it covered.
public struct Head: Hashable, Sendable {
  /// The events it covers.
  public let size: Int64
  public let root: Digest
  public let at: Instant
  /// The hash of the tree.
  public let hash: String
  public let signature: Signature

  /// The canonical bytes that are signed: everything but the signature.
  public static func signedBytes(
    size: Int64, root: Digest, at: Instant, hash: String, algorithm: String, publicKey: [UInt8]
  ) -> [UInt8] {
    var writer = CanonicalWriter()
    writer.object { fields in
      fields.field("algorithm", Word(algorithm))
      fields.field("at", at)
      fields.field("hash", Word(hash))
      fields.field("key", Word(hexadecimal(publicKey)))
      fields.field("root", root)
      fields.field("size", size)
    }
    return writer.bytes
  }

  public var signedBytes: [UInt8] {
    Head.signedBytes(
      size: size, root: root, at: at, hash: hash, algorithm: signature.algorithm,
      publicKey: signature.publicKey)
  }

  /// The line that stands in an export and that others keep.
  public var line: [UInt8] {
    var writer = CanonicalWriter()
    writer.object { fields in
      fields.field("algorithm", Word(signature.algorithm))
      fields.field("at", at)
      fields.field("hash", Word(hash))
      fields.field("key", Word(key))
      fields.field("root", root)
      fields.field("signature", Word(hexadecimal(signature.bytes)))
      fields.field("size", size)
    }
    return writer.bytes
  }

  /// The public key, in hexadecimal digits.
  public var key: String { hexadecimal(signature.publicKey) }

  /// Whether its key signed it. Whether the key is to be trusted is the caller's to say.
  public var isSigned: Bool {
    CryptographyProfile.signing(with: signature.algorithm)?
      .verify(signature, over: signedBytes) ?? false
  }
}

/// A word of ours: nothing in it needs to be looked at.
private struct Word: Canonical {
  let value: String

  init(_ value: String) { self.value = value }

  func write(to writer: inout CanonicalWriter) { writer.text(value) }
  init(from reader: inout CanonicalReader) throws(Malformed) { value = try reader.text() }
}
