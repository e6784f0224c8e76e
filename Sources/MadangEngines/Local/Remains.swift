import CMadangProcess
import Glibc
import MadangProgramme

/// What a job left running when its supervisor was killed: found by its cgroup where it has one,
/// else by the token in its environment, and ended.
///
/// A process that emptied its environment and left its group, of a job without a cgroup, whose
/// supervisor was killed at the same time, is not found: only a cgroup holds such a one.
enum Remains {
  /// Whether nothing is left. Tries for about two seconds; the system may hold one for longer.
  static func end(_ token: EngineJob, cgroup: String?) throws(EngineFailure) -> Bool {
    let mark = Array("MADANG_TOKEN=\(token.hex)".utf8)
    for attempt in 0..<200 {
      if let cgroup { kill(cgroup: cgroup) }
      let found = try killAll(marked: mark)
      if !found, isEmpty(cgroup) { return true }
      if attempt < 199 { usleep(10_000) }
    }
    return false
  }

  /// Whether the cgroup holds nothing: then it is gone.
  private static func isEmpty(_ cgroup: String?) -> Bool {
    guard let cgroup else { return true }
    return rmdir(cgroup) == 0 || errno == ENOENT
  }

  private static func kill(cgroup: String) {
    let file = open("\(cgroup)/cgroup.kill", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    // Where this fails its processes are found the other way.
    _ = LocalFiles.write(Array("1".utf8), to: file)
    close(file)
  }

  /// Kills every process with the mark; whether there was one.
  private static func killAll(marked mark: [UInt8]) throws(EngineFailure) -> Bool {
    var found = false
    for name in try LocalFiles.names(in: "/proc") {
      guard let pid = pid_t(name), pid > 1 else { continue }
      // Opened first: if the process with this number is another by the time that its environment
      // is read, the signal goes to the first one, which has ended.
      let process = madang_process_open(pid)
      guard process >= 0 else { continue }
      defer { close(process) }
      // Not readable: another user's, or gone.
      guard let environment = try? LocalFiles.bytes(of: "/proc/\(pid)/environ") else { continue }
      let variables = environment.split(separator: 0)
      guard variables.contains(where: { $0.elementsEqual(mark) }) else { continue }
      found = true
      _ = madang_process_signal(process, SIGKILL)
    }
    return found
  }
}
