import Foundation

/// What runs on this machine.
enum Processes {
  static var all: [pid_t] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
  }

  static func text(_ pid: pid_t, _ file: String) -> String {
    String(
      decoding: FileManager.default.contents(atPath: "/proc/\(pid)/\(file)") ?? Data(),
      as: UTF8.self)
  }

  /// Whether it runs; what has ended and was not yet waited for does not.
  static func lives(_ pid: pid_t) -> Bool {
    let stat = text(pid, "stat")
    guard let end = stat.lastIndex(of: ")") else { return false }
    let state = stat[stat.index(end, offsetBy: 2)...].first
    return state != "Z" && state != "X"
  }

  /// Processes whose environment has this variable and whose working folder is this.
  static func marked(_ variable: String, in folder: String) -> [pid_t] {
    all.filter { pid in
      lives(pid) && text(pid, "environ").split(separator: "\0").contains { $0 == variable }
        && (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd"))
          == folder
    }
  }
}

/// Where this test's executable lies, and what was built with it.
enum Products {
  static func path(_ name: String) -> String {
    let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return executable.deletingLastPathComponent().appending(path: name).path
  }
}
