import Glibc

/// The few things the engine does with files. Each names the path in what it throws.
enum LocalFiles {
  static func failure(_ path: String) -> EngineFailure {
    .unreachable(reason: "\(path): \(String(cString: strerror(errno)))")
  }

  /// A folder for its owner alone; one that is there already is taken.
  static func makeFolder(_ path: String) throws(EngineFailure) {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path) }
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether nothing is there: what cannot be asked (a disk that fails, a right that is missing) is
  /// not gone.
  static func isGone(_ path: String) -> Bool {
    access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)
  }

  /// All bytes; nothing where there is no such file, but perhaps something else of its name, or of
  /// its folder's. Of a pipe nothing is waited for.
  static func bytes(of path: String) throws(EngineFailure) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if file < 0 {
      guard errno == ENOENT || errno == ENOTDIR else { throw failure(path) }
      return nil
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(file, &part, part.count)
      if count < 0, errno == EISDIR { return nil }
      guard count >= 0 else { throw failure(path) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: part[..<count])
    }
  }

  /// A new file whose content is durable; not yet its name.
  static func create(_ path: String, _ bytes: [UInt8]) throws(EngineFailure) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(path) }
    defer { close(file) }
    guard write(bytes, to: file), fsync(file) == 0 else { throw failure(path) }
  }

  /// Puts a whole file in place, durably, or leaves things as they were.
  static func replace(_ path: String, _ bytes: [UInt8]) throws(EngineFailure) {
    try create(path + ".new", bytes)
    guard rename(path + ".new", path) == 0 else { throw failure(path) }
    try sync(folder: parent(path))
  }

  /// A second name for a file, not yet durable; one that is there already stays.
  static func link(_ path: String, as name: String) throws(EngineFailure) {
    guard Glibc.link(path, name) == 0 || errno == EEXIST else { throw failure(name) }
  }

  /// Takes a name away; nothing is said where it is gone already.
  static func remove(_ path: String) throws(EngineFailure) {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure(path) }
  }

  /// Makes the names in a folder durable.
  static func sync(folder: String) throws(EngineFailure) {
    let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard file >= 0 else { throw failure(folder) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw failure(folder) }
  }

  /// Makes a folder's own name durable, and those of all above it, as far as this user may read
  /// them: what is above such a one was made by somebody else.
  static func sync(upFrom folder: String) throws(EngineFailure) {
    var path = folder
    while path != "/", path != "." {
      path = parent(path)
      let file = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard file >= 0 else { return }
      defer { close(file) }
      guard fsync(file) == 0 else { throw failure(path) }
    }
  }

  static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// The names in a folder, ascending.
  static func names(in folder: String) throws(EngineFailure) -> [String] {
    guard let entries = opendir(folder) else { throw failure(folder) }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a folder of files; nothing is said where it is gone already.
  static func removeFolder(_ path: String) throws(EngineFailure) {
    guard exists(path) else { return }
    for name in try names(in: path) { unlink("\(path)/\(name)") }
    guard rmdir(path) == 0 || errno == ENOENT else { throw failure(path) }
  }

  static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

/// A lock on a file, held as long as this or any process that inherited it lives: the system frees
/// it, however they end. It does not survive a restart of the machine.
struct FileLock: ~Copyable {
  let file: Int32

  /// Nothing where somebody holds it. Made where it is missing only if asked to: a lock that is
  /// new was never held by whoever holds the one that is gone.
  init?(_ path: String, making: Bool = false) throws(EngineFailure) {
    let opened = open(path, O_RDWR | O_CLOEXEC | (making ? O_CREAT : 0), 0o600)
    guard opened >= 0 else { throw LocalFiles.failure(path) }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      close(opened)
      guard reason == EWOULDBLOCK else { throw LocalFiles.failure(path) }
      return nil
    }
    file = opened
  }

  deinit { close(file) }
}
