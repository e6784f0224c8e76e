import Foundation
import MadangProgramme

/// The office's signing key, in a file of its own that only its owner may read.
enum LedgerKey {
  static func folder(in data: String) -> String { data + "/keys" }

  static func path(in data: String, algorithm: String) -> String {
    folder(in: data) + "/ledger-\(algorithm).key"
  }

  /// Makes the key where there is none, and answers it.
  static func ensured(
    in data: String, _ cryptography: any Cryptography
  ) throws(JournalError) -> SigningKey {
    let path = path(in: data, algorithm: cryptography.signatureAlgorithm)
    if Files.exists(path) { return try read(in: data, cryptography) }
    do {
      try Files.makeFolder(folder(in: data), isPrivate: true)
      let key = try cryptography.makeSigningKey()
      try Files.write(key.privateBytes, to: path, mode: 0o600)
      try Files.sync(folder: data)
      return key
    } catch let error as JournalError {
      throw error
    } catch {
      throw .randomFailed
    }
  }

  static func read(
    in data: String, _ cryptography: any Cryptography
  ) throws(JournalError) -> SigningKey {
    let path = path(in: data, algorithm: cryptography.signatureAlgorithm)
    guard Files.exists(path) else { throw .keyMissing(path: path) }
    let bytes = try Files.bytes(of: path)
    do {
      return try cryptography.signingKey(privateBytes: bytes)
    } catch {
      throw .keyUnusable(path: path)
    }
  }
}
