import MadangJournal
import MadangProgramme
import Testing

struct CryptographyTests {
  struct Vector: Sendable {
    let profile: String
    let privateKey: String
    let publicKey: String
    let message: String
    let signature: String
  }

  // Ed25519: RFC 8032, 7.1, tests 1 to 3. P-256: RFC 6979, A.2.5, "sample" with SHA-256.
  static let vectors = [
    Vector(
      profile: "default",
      privateKey: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    Vector(
      profile: "default",
      privateKey: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    Vector(
      profile: "default",
      privateKey: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      message: "af82",
      signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    Vector(
      profile: "kr-public",
      privateKey: "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
      publicKey: "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
        + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
      message: "73616d706c65",
      signature: "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
        + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"),
  ]

  @Test(arguments: vectors)
  func `published keys and signatures are ours`(vector: Vector) throws {
    let cryptography = try #require(CryptographyProfile.named(vector.profile))
    let message = Hex.bytes(vector.message)
    let key = try cryptography.signingKey(privateBytes: Hex.bytes(vector.privateKey))
    let published = Signature(
      algorithm: cryptography.signatureAlgorithm, publicKey: key.publicBytes,
      bytes: Hex.bytes(vector.signature))
    #expect(Hex.text(key.publicBytes) == vector.publicKey)
    #expect(cryptography.verify(published, over: message))
    if vector.profile == "default" {  // The other profile's signatures are randomised.
      #expect(try cryptography.sign(message, with: key) == published)
    }
  }

  @Test(arguments: ["default", "kr-public"])
  func `a signature holds for its own message, key and algorithm only`(profile: String) throws {
    let cryptography = try #require(CryptographyProfile.named(profile))
    let message = Array("공개대장".utf8)
    let key = try cryptography.makeSigningKey()
    let other = try cryptography.makeSigningKey()
    let signature = try cryptography.sign(message, with: key)
    #expect(cryptography.verify(signature, over: message))
    let restored = try cryptography.signingKey(privateBytes: key.privateBytes)
    #expect(restored.publicBytes == key.publicBytes)

    func altered(
      algorithm: String? = nil, publicKey: [UInt8]? = nil, bytes: [UInt8]? = nil
    ) -> Bool {
      cryptography.verify(
        Signature(
          algorithm: algorithm ?? signature.algorithm,
          publicKey: publicKey ?? signature.publicKey, bytes: bytes ?? signature.bytes),
        over: message)
    }
    #expect(altered())
    #expect(!cryptography.verify(signature, over: message + [0]))
    #expect(!altered(algorithm: "none"))
    #expect(!altered(publicKey: other.publicBytes))
    #expect(!altered(publicKey: []))
    #expect(!altered(publicKey: Array(signature.publicKey.dropLast())))
    #expect(!altered(bytes: []))
    #expect(!altered(bytes: signature.bytes + [0]))
    #expect(!altered(bytes: [UInt8](repeating: 0, count: 64)))
    for place in [0, 31, 32, 63] {
      var bytes = signature.bytes
      bytes[place] ^= 1
      #expect(!altered(bytes: bytes), "bit 0 of byte \(place)")
    }
  }

  @Test func `a key of one profile doesn't sign for the other`() throws {
    let key = try Ed25519Cryptography().makeSigningKey()
    #expect(
      throws: CryptographyError.otherAlgorithm(
        expected: "ecdsa-p256-sha256", found: "ed25519")
    ) {
      try P256Cryptography().sign([], with: key)
    }
  }

  @Test func `bytes that are no key are refused`() {
    let malformed = [
      [UInt8](repeating: 0, count: 32),  // Zero is no scalar.
      [UInt8](repeating: 0xff, count: 32),  // Nor is anything from the order up.
      [UInt8](repeating: 1, count: 31),
    ]
    for bytes in malformed {
      #expect(throws: CryptographyError.malformedKey(algorithm: "ecdsa-p256-sha256")) {
        try P256Cryptography().signingKey(privateBytes: bytes)
      }
    }
    #expect(throws: CryptographyError.malformedKey(algorithm: "ed25519")) {
      try Ed25519Cryptography().signingKey(privateBytes: [UInt8](repeating: 1, count: 33))
    }
  }

  @Test func `a signing key never shows its secret`() throws {
    let key = try Ed25519Cryptography().signingKey(privateBytes: [UInt8](repeating: 222, count: 32))
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), "\([key])", "\(Optional(key) as Any)", dumped] {
      #expect(text.contains("hidden"))
      #expect(!text.contains("222"))
    }
  }

  @Test func `a profile is found by its name and by what stands on a signature`() {
    #expect(CryptographyProfile.named("default")?.signatureAlgorithm == "ed25519")
    #expect(CryptographyProfile.named("kr-public")?.signatureAlgorithm == "ecdsa-p256-sha256")
    #expect(CryptographyProfile.named("none") == nil)
    #expect(CryptographyProfile.signing(with: "ecdsa-p256-sha256")?.profile == "kr-public")
    #expect(CryptographyProfile.signing(with: "none") == nil)
    #expect(CryptographyProfile.all.allSatisfy { $0.hashAlgorithm == "sha256" })
  }

  @Test func `salts are fresh`() throws {
    let salts = try (0..<100).map { _ in try SystemRandom.salt() }
    #expect(Set(salts).count == 100)
    #expect(salts.allSatisfy { $0.count == 16 })
  }
}
