import CMadangCrypto
import Foundation
import MadangCrypto
import MadangProgramme
import Testing

@testable import MadangAccess

/// The functions against the vectors of their documents, and what is kept of a password.
struct PasswordTests {
  struct ScryptVector: Sendable {
    let password: String
    let salt: String
    let log2N: UInt8
    let r: UInt32
    let p: UInt32
    let hash: String
  }

  /// RFC 7914, chapter 12; its fourth takes 1 GiB of memory and stays out.
  static let scrypt = [
    ScryptVector(
      password: "", salt: "", log2N: 4, r: 1, p: 1,
      hash: "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
        + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"),
    ScryptVector(
      password: "password", salt: "NaCl", log2N: 10, r: 8, p: 16,
      hash: "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"),
    ScryptVector(
      password: "pleaseletmein", salt: "SodiumChloride", log2N: 14, r: 8, p: 1,
      hash: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
        + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"),
  ]

  @Test(arguments: scrypt) func `scrypt gives what RFC 7914 says`(_ vector: ScryptVector) {
    var out = [UInt8](repeating: 0, count: 64)
    let password = Array(vector.password.utf8)
    let salt = Array(vector.salt.utf8)
    #expect(
      madang_scrypt(
        password, password.count, salt, salt.count, vector.log2N, vector.r, vector.p, &out, 64)
        == 1)
    #expect(Hexadecimal.text(out) == vector.hash)
  }

  struct PBKDF2Vector: Sendable {
    let password: String
    let salt: String
    let iterations: UInt32
    let hash: String
  }

  /// RFC 7914, chapter 11; then the cases of RFC 6070 with SHA-256 in place of SHA-1, computed by
  /// Python's hashlib.
  static let pbkdf2 = [
    PBKDF2Vector(
      password: "passwd", salt: "salt", iterations: 1,
      hash: "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
        + "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"),
    PBKDF2Vector(
      password: "Password", salt: "NaCl", iterations: 80_000,
      hash: "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
        + "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"),
    PBKDF2Vector(
      password: "password", salt: "salt", iterations: 1,
      hash: "120fb6cffcf8b32c43e7225256c4f837a86548c9"),
    PBKDF2Vector(
      password: "password", salt: "salt", iterations: 2,
      hash: "ae4d0c95af6b46d32d0adff928f06dd02a303f8e"),
    PBKDF2Vector(
      password: "password", salt: "salt", iterations: 4_096,
      hash: "c5e478d59288c841aa530db6845c4c8d962893a0"),
    PBKDF2Vector(
      password: "passwordPASSWORDpassword", salt: "saltSALTsaltSALTsaltSALTsaltSALTsalt",
      iterations: 4_096,
      hash: "348c89dbcbd32b2f32d814b8116e84cf2b17347ebc1800181c"),
    PBKDF2Vector(
      password: "pass\0word", salt: "sa\0lt", iterations: 4_096,
      hash: "89b69d0516f829893c696226650a8687"),
  ]

  @Test(arguments: pbkdf2)
  func `PBKDF2 with SHA-256 gives what others give`(_ vector: PBKDF2Vector) {
    var out = [UInt8](repeating: 0, count: vector.hash.count / 2)
    let password = Array(vector.password.utf8)
    let salt = Array(vector.salt.utf8)
    #expect(
      madang_pbkdf2_sha256(
        password, password.count, salt, salt.count, vector.iterations, &out, out.count) == 1)
    #expect(Hexadecimal.text(out) == vector.hash)
  }

  @Test func `parameters that would take all memory or time are refused`() {
    var out = [UInt8](repeating: 0, count: 32)
    for (log2N, r, p) in [(0, 8, 1), (21, 8, 1), (15, 0, 1), (15, 33, 1), (15, 8, 0), (15, 8, 17)] {
      #expect(
        madang_scrypt("a", 1, [1], 1, UInt8(log2N), UInt32(r), UInt32(p), &out, 32) == 0)
    }
    #expect(madang_pbkdf2_sha256("a", 1, [1], 1, 0, &out, 32) == 0)
    #expect(madang_pbkdf2_sha256("a", 1, [1], 1, 10_000_001, &out, 32) == 0)
    #expect(out.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [
    (PasswordProfile.scrypt, "scrypt$15$8$1$"), (.pbkdf2, "pbkdf2-sha256$600000$"),
  ])
  func `a record names its algorithm and parameters, and fits its password alone`(
    _ profile: PasswordProfile, _ start: String
  ) throws {
    let record = try PasswordRecord(of: "correct horse", profile)
    #expect(record.text.hasPrefix(start))
    let read = try #require(PasswordRecord(record.text))
    #expect(read == record)
    #expect(read.fits("correct horse"))
    #expect(!read.fits("correct horsf") && !read.fits("") && !read.fits("correct horse "))
    #expect(try PasswordRecord(of: "correct horse", profile) != record)
    #expect(try !PasswordRecord(fittingNone: profile).fits("correct horse"))
  }

  @Test func `composed and decomposed spellings are one password`() throws {
    let record = try PasswordRecord(of: "마당에 핀 꽃", .quick)
    #expect(record.fits("마당에 핀 꽃".decomposedStringWithCanonicalMapping))
    #expect(!record.fits("마당에 핀 꼿"))
  }

  @Test func `a line that is no record is none`() throws {
    let good = try PasswordRecord(of: "correct horse", .quick).text
    #expect(PasswordRecord(good) != nil)
    let salt = String(good.split(separator: "$")[4])
    for text in [
      "", "$", "scrypt", "scrypt$4$8$1$$", "scrypt$4$8$1$\(salt)$\(salt)", good + "$", good + "A",
      good.replacingOccurrences(of: "scrypt$4", with: "scrypt$400"),
      good.replacingOccurrences(of: "scrypt", with: "bcrypt"),
      "pbkdf2-sha256$-1$\(salt)$\(salt)", String(good.dropLast()),
    ] {
      #expect(PasswordRecord(text) == nil, "\(text)")
    }
    // Read, but never run: see above.
    let monstrous = good.replacingOccurrences(of: "scrypt$4", with: "scrypt$60")
    #expect(try #require(PasswordRecord(monstrous)).fits("correct horse") == false)
  }

  @Test func `a new password has its length, and is not the name`() {
    #expect(PasswordRecord.fault("1234567", of: "kim") == .weakPassword(minimum: 8))
    #expect(PasswordRecord.fault("12345678", of: "kim") == nil)
    #expect(PasswordRecord.fault("여덟글자비밀번호", of: "kim") == nil)
    #expect(PasswordRecord.fault("Kim.Young", of: "kim.young") == .weakPassword(minimum: 8))
    let long = String(repeating: "a", count: 257)
    #expect(PasswordRecord.fault(long, of: "kim") == .longPassword(maximum: 256))
    #expect(PasswordRecord.fault(String(long.dropLast()), of: "kim") == nil)
  }
}
