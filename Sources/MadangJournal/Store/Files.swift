import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few things done with files beside the database.
enum Files {
  /// A private folder is for its owner alone.
  static func makeFolder(_ path: String, isPrivate: Bool = false) throws(JournalError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true,
        attributes: isPrivate ? [.posixPermissions: 0o700] : nil)
    } catch {
      throw .fileFailed(path: path, reason: reason(of: error))
    }
  }

  /// A database's file is there, and its owner's alone, before a word is written; what its log and
  /// index were left with is mended too. New ones take the file's mode.
  ///
  /// One that is there is not opened: to close it again would end every lock that this process has
  /// on it by other connections.
  static func makePrivate(database path: String) throws(JournalError) {
    let made = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard made >= 0 || errno == EEXIST else { throw .fileFailed(path: path, reason: lastReason) }
    if made >= 0 { close(made) }
    for name in [path, "\(path)-wal", "\(path)-shm"] {
      // Another process may just have closed the last connection, and removed the latter two.
      guard chmod(name, 0o600) == 0 || errno == ENOENT else {
        throw .fileFailed(path: name, reason: lastReason)
      }
    }
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// The names in a folder, ascending; none where there is no folder.
  static func names(in folder: String) throws(JournalError) -> [String] {
    guard exists(folder) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw .fileFailed(path: folder, reason: reason(of: error))
    }
  }

  static func remove(_ path: String) throws(JournalError) {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw .fileFailed(path: path, reason: reason(of: error))
    }
  }

  /// All bytes of a file.
  static func bytes(of path: String) throws(JournalError) -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw .fileFailed(path: path, reason: reason(of: error))
    }
  }

  /// Puts a whole file in place, or leaves things as they were: a temporary file, synced, renamed,
  /// and the folder synced, so that a power cut leaves the old or the new.
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(JournalError) {
    let temporary = path + ".new"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard file >= 0 else { throw .fileFailed(path: path, reason: lastReason) }
    defer { close(file) }
    guard writeAll(bytes, to: file) else { throw .fileFailed(path: path, reason: lastReason) }
    guard fchmod(file, mode) == 0, fsync(file) == 0, rename(temporary, path) == 0 else {
      throw .fileFailed(path: path, reason: lastReason)
    }
    try sync(folder: (path as NSString).deletingLastPathComponent)
  }

  /// Makes the names in a folder durable.
  static func sync(folder: String) throws(JournalError) {
    let file = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .fileFailed(path: folder, reason: lastReason) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw .fileFailed(path: folder, reason: lastReason) }
  }

  /// Makes a folder's names durable, its own, and those of all above it, as far as this user may
  /// read them: what is above such a one was made by somebody else.
  static func sync(upFrom folder: String) throws(JournalError) {
    try sync(folder: folder)
    var path = URL(filePath: folder).standardizedFileURL.path
    while path != "/" {
      path = (path as NSString).deletingLastPathComponent
      guard access(path, R_OK) == 0 else { return }
      try sync(folder: path)
    }
  }

  static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

  /// Why the last system call failed.
  static var lastReason: String { String(cString: strerror(errno)) }

  /// Writes all bytes, however many calls it takes.
  static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = systemWrite(file, UnsafeRawBufferPointer(rebasing: rest))
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }

  private static func systemWrite(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(file, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(file, bytes.baseAddress, bytes.count)
    #endif
  }

  private static func reason(of error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let errors = [error as NSError, cause].compactMap { $0 }
    let posix = errors.first { $0.domain == NSPOSIXErrorDomain }
    return posix.map { String(cString: strerror(Int32($0.code))) }
      ?? error.localizedDescription.trimmingCharacters(in: CharacterSet(charactersIn: ". "))
  }
}

extension Files {
  /// The bytes in a file; 0 where there is none.
  static func size(_ path: String) -> Int {
    // Where it is there but cannot be asked, the folder cannot be searched: nothing in it can be
    // opened either, and opening says why.
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }
}
