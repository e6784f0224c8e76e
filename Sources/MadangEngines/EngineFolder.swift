import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few files an engine keeps at a centre, each put in place whole or not at all.
struct EngineFolder: Sendable {
  let path: String

  /// Makes the folder where there is none, for its owner alone.
  init(_ path: String) throws(EngineFailure) {
    self.path = path
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw .forbidden(reason: "\(path) cannot be made")
    }
  }

  /// The bytes of a file; nothing where there is none.
  func bytes(of name: String) throws(EngineFailure) -> [UInt8]? {
    let file = path + "/" + name
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    do {
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    } catch {
      throw .unreachable(reason: "\(file) cannot be read")
    }
  }

  /// Writes a whole file: a temporary one, synced, renamed, the folder synced.
  func write(_ bytes: [UInt8], to name: String) throws(EngineFailure) {
    let target = path + "/" + name
    let temporary = target + ".new"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw EngineFolder.failure(temporary) }
    let done = EngineFolder.put(bytes, file) && fsync(file) == 0
    close(file)
    guard done, rename(temporary, target) == 0 else { throw EngineFolder.failure(target) }
    try sync()
  }

  /// Adds whole lines to a file, and syncs it.
  func append(_ bytes: [UInt8], to name: String) throws(EngineFailure) {
    let target = path + "/" + name
    let file = open(target, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw EngineFolder.failure(target) }
    defer { close(file) }
    guard EngineFolder.put(bytes, file), fsync(file) == 0 else {
      throw EngineFolder.failure(target)
    }
  }

  private func sync() throws(EngineFailure) {
    let folder = open(path, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { throw EngineFolder.failure(path) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw EngineFolder.failure(path) }
  }

  private static func put(_ bytes: [UInt8], _ file: Int32) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Glibc.write(
          file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }

  private static func failure(_ path: String) -> EngineFailure {
    .unreachable(reason: "\(path): \(String(cString: strerror(errno)))")
  }
}
