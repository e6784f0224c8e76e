import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Lets one process at a time write to a data folder. The kernel drops the lock when the process
/// ends, however it ends; the file, which names the process, stays.
final class FolderLock: Sendable {
  private let file: Mutex<Int32?>

  init(folder: String) throws(JournalError) {
    let path = folder + "/lock"
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .cannotOpen(path: path, reason: Files.lastReason) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let failure = errno
      // Only for the message: who holds it may as well stay unnamed.
      let holder = try? Files.bytes(of: path)
      close(file)
      guard failure == EWOULDBLOCK else {
        throw .cannotOpen(path: path, reason: String(cString: strerror(failure)))
      }
      let words = String(decoding: holder ?? [], as: UTF8.self)
      throw .inUse(folder: folder, pid: Int32(words.trimmingCharacters(in: .newlines)))
    }
    let line = "\(getpid())\n"
    ftruncate(file, 0)
    pwrite(file, line, line.utf8.count, 0)
    self.file = Mutex(file)
  }

  deinit { release() }

  func release() {
    file.withLock { file in
      if let open = file { close(open) }
      file = nil
    }
  }
}
