import Foundation
import MadangCrypto

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a remote agent keeps at its centre, for its owner's eyes only.
///
/// ```
/// agent-ed25519.key     the private bytes of its key; they never leave
/// enrolment.json        the office, the agent's number there, and whom to trust
/// ```
/// The key is on the disk before its public half is sent: an enrolment whose answer was lost left a
/// key that can still be told from a new one.
struct AgentFolder: Sendable {
  let path: String

  struct Enrolment: Codable {
    var agent: String
    var algorithm: String
    var authority: String?
    var office: String
  }

  /// Makes the folder where there is none.
  init(_ path: String) throws(AgentClientFailure) {
    self.path = path
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .unusable(path: path, reason: "it cannot be made")
    }
  }

  func keyPath(_ algorithm: String) -> String { "\(path)/agent-\(algorithm).key" }
  private var enrolmentPath: String { path + "/enrolment.json" }

  /// The key of an enrolment that did not end, or a new one.
  func freshKey(_ cryptography: any Cryptography) throws(AgentClientFailure) -> SigningKey {
    let file = keyPath(cryptography.signatureAlgorithm)
    guard !FileManager.default.fileExists(atPath: enrolmentPath) else {
      throw .enrolledAlready(folder: path)
    }
    if FileManager.default.fileExists(atPath: file) { return try key(cryptography) }
    let key: SigningKey
    do {
      key = try cryptography.makeSigningKey()
    } catch {
      throw .unusable(path: file, reason: "the system made no key")
    }
    try write(key.privateBytes, to: file)
    return key
  }

  /// Removes the key of an enrolment that did not end: the office does not take it.
  func dropKey(_ algorithm: String) { unlink(keyPath(algorithm)) }

  /// The key as it was kept. One that others may read, or that is another's, is not used.
  func key(_ cryptography: any Cryptography) throws(AgentClientFailure) -> SigningKey {
    let file = keyPath(cryptography.signatureAlgorithm)
    let handle = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard handle >= 0 else { throw .unusable(path: file, reason: reason(errno)) }
    defer { close(handle) }
    var status = stat()
    guard fstat(handle, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .unusable(path: file, reason: "it is no file")
    }
    guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
      throw .exposedKey(path: file)
    }
    // No key of ours has as many bytes.
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(handle, &bytes, bytes.count)
    do {
      return try cryptography.signingKey(privateBytes: Array(bytes.prefix(max(0, count))))
    } catch {
      throw .unusable(path: file, reason: "it is no key")
    }
  }

  func keep(_ enrolment: Enrolment) throws(AgentClientFailure) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    // Texts alone: there is nothing that could not be written.
    try write([UInt8]((try? encoder.encode(enrolment)) ?? Data()), to: enrolmentPath)
  }

  func enrolment() throws(AgentClientFailure) -> Enrolment {
    guard let data = FileManager.default.contents(atPath: enrolmentPath) else {
      throw .notEnrolled(folder: path)
    }
    do {
      return try JSONDecoder().decode(Enrolment.self, from: data)
    } catch {
      throw .unusable(path: enrolmentPath, reason: "it is no enrolment")
    }
  }

  /// Writes a whole file for its owner alone: a temporary one, synced, renamed, the folder synced.
  private func write(_ bytes: [UInt8], to target: String) throws(AgentClientFailure) {
    let temporary = target + ".new"
    // One that was left behind may have other rights; a link leads elsewhere.
    unlink(temporary)
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw .unusable(path: target, reason: reason(errno)) }
    let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
    let isDone = count == bytes.count && fsync(file) == 0
    close(file)
    guard isDone, rename(temporary, target) == 0 else {
      throw .unusable(path: target, reason: reason(errno))
    }
    let folder = open(path, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { throw .unusable(path: path, reason: reason(errno)) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw .unusable(path: path, reason: reason(errno)) }
  }

  private func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
}
