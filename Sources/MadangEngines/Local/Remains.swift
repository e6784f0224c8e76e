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
  /// `first` is the job's first process in this run of the machine, where it is known.
  static func end(
    _ token: EngineJob, cgroup: String?, first: LocalStart?
  ) throws(EngineFailure) -> Bool {
    let mark = Array("MADANG_TOKEN=\(token.hex)".utf8)
    for attempt in 0..<200 {
      if let cgroup { kill(cgroup: cgroup) }
      let found = try signalAll(SIGKILL) { pid in
        if let first, pid == first.pid, startTicks(of: pid) == first.startTicks { return true }
        return texts(of: pid, "environ").contains { $0.elementsEqual(mark) }
      }
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

  /// Tells a job's supervisor to end, which ends the job first: TERM, and KILL after its grace.
  /// Whether there is one. For a supervisor whose lock is gone: it goes by its command line.
  static func tellSupervisor(
    _ program: String, of token: EngineJob
  ) throws(EngineFailure) -> Bool {
    let name = program.utf8.split(separator: UInt8(ascii: "/")).last ?? program.utf8[...]
    let folder = Array("/jobs/\(token.hex)".utf8)
    return try signalAll(SIGTERM) { pid in
      let arguments = texts(of: pid, "cmdline")
      return arguments.count == 2 && arguments[0].suffix(name.count).elementsEqual(name)
        && arguments[1].suffix(folder.count).elementsEqual(folder)
    }
  }

  /// Signals every process that is one of these; whether there was one.
  private static func signalAll(
    _ number: Int32, where isOne: (pid_t) -> Bool
  ) throws(EngineFailure) -> Bool {
    var found = false
    for name in try LocalFiles.names(in: "/proc") {
      guard let pid = pid_t(name), pid > 1 else { continue }
      // Opened first: if the process with this number is another by the time that it is looked at,
      // the signal goes to the first one, which has ended.
      let process = madang_process_open(pid)
      guard process >= 0 else { continue }
      defer { close(process) }
      guard isOne(pid) else { continue }
      found = true
      _ = madang_process_signal(process, number)
    }
    return found
  }

  /// A process's arguments or variables; none where it is another user's, has ended, or is gone.
  private static func texts(of pid: pid_t, _ file: String) -> [ArraySlice<UInt8>] {
    let bytes = (try? LocalFiles.bytes(of: "/proc/\(pid)/\(file)")) ?? []
    return bytes.split(separator: 0)
  }

  /// When a process that has not ended began, in ticks since the machine's start.
  private static func startTicks(of pid: pid_t) -> Int64? {
    // The second field is the command in parentheses and may hold anything; 22 is the start.
    guard let bytes = try? LocalFiles.bytes(of: "/proc/\(pid)/stat"),
      let command = bytes.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = bytes[(command + 1)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 19, !fields[0].elementsEqual("Z".utf8) else { return nil }
    return Int64(String(decoding: fields[19], as: UTF8.self))
  }
}
