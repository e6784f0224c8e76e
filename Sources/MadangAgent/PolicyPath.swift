import Foundation

/// Everything on the way from the root to a file, links followed one by one: whoever may write to
/// any folder there can put another file in this one's place.
///
/// ```
///  /etc/madang/agent-policy     owners of /, /etc and /etc/madang; and of a link, where one is
/// ```
struct PolicyPath {
  /// Who owns a folder or a link on the way.
  private(set) var owners: [uid_t] = []
  /// Whether some folder lets others put files in the place of what is there: not a sticky one,
  /// in which nobody replaces what is somebody else's.
  private(set) var isOpen = false
  private(set) var file = stat()

  /// Links that Linux follows in one path.
  private static let linksMax = 40

  /// Nothing where it cannot be followed to a file.
  init?(_ path: String) {
    let start =
      path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    var ahead = PolicyPath.names(start)
    var here = ""
    var links = 0
    while let name = ahead.popLast() {
      guard addFolder(here + "/.") else { return nil }
      if name == ".." {
        here = (here as NSString).deletingLastPathComponent
        if here == "/" { here = "" }
        continue
      }
      let next = here + "/" + name
      guard lstat(next, &file) == 0 else { return nil }
      guard file.st_mode & S_IFMT == S_IFLNK else {
        here = next
        continue
      }
      links += 1
      owners.append(file.st_uid)
      guard links <= PolicyPath.linksMax,
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: next)
      else { return nil }
      if target.hasPrefix("/") { here = "" }
      ahead += PolicyPath.names(target)
    }
    guard lstat(here, &file) == 0, file.st_mode & S_IFMT == S_IFREG else { return nil }
  }

  /// The names of a path, the first one last.
  private static func names(_ path: String) -> [String] {
    path.split(separator: "/").map(String.init).filter { $0 != "." }.reversed()
  }

  private mutating func addFolder(_ path: String) -> Bool {
    var folder = stat()
    guard stat(path, &folder) == 0 else { return false }
    owners.append(folder.st_uid)
    if folder.st_mode & 0o022 != 0 && folder.st_mode & 0o1000 == 0 { isOpen = true }
    return true
  }
}
