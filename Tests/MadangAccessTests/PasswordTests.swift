import CMadangCrypto
import Testing

@testable import MadangAccess

/// The functions against the vectors of their documents, and what is kept of a password.
struct PasswordTests {
  /// RFC 7914, chapter 12; the last takes 1 GiB of memory and is left to OpenSSL's own tests.
  @Test(
    arguments: [
      (
        "", "", UInt8(4), UInt32(1), UInt32(1),
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
          + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
      ),
      (
        "password", "NaCl", 10, 8, 16,
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
          + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
      ),
      (
        "pleaseletmein", "SodiumChloride", 14, 8, 1,
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
          + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
      ),
    ])
  func `scrypt gives what RFC 7914 says`(
    password: String, salt: String, log2N: UInt8, r: UInt32, p: UInt32, expected: String
  ) {
    var out = [UInt8](repeating: 0, count: 64)
    let password = Array(password.utf8)
    let salt = Array(salt.utf8)
    #expect(
      madang_scrypt(password, password.count, salt, salt.count, log2N, r, p, &out, 64) == 1)
    #expect(hex(out) == expected)
  }
}

func hex(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
