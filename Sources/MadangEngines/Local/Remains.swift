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
    let mark = mark(token)
    var quiet = 0
    // A zombie that was there at the last look has no child that was not on this list.
    var ended: Set<pid_t> = []
    for attempt in 0..<200 {
      if let cgroup { kill(cgroup: cgroup) }
      let look = try signalAll(SIGKILL) { pid in
        if let first, pid == first.pid, ProcessStanding(pid)?.startTicks == first.startTicks {
          return .one
        }
        let finding = finding(pid, mark)
        return finding == .gone && !ended.insert(pid).inserted ? .other : finding
      }
      // Who was listed and is gone when looked at may have had a child that is not on the list, and
      // whoever waits for a processor may miss a whole row of them: such a look is worth little
      // beside one in which nobody was missed. Two whole ones in a row will do.
      switch look {
      case .found: quiet = 0
      case .passing: quiet = isEmpty(cgroup) ? quiet + 1 : 0
      case .nobody: quiet = isEmpty(cgroup) ? quiet + 20 : 0
      }
      if quiet >= 40 { return true }
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
    try signalAll(SIGTERM) { isSupervisor($0, program, of: token) ? .one : .other } == .found
  }

  /// Ends supervisor and job at once, and says whether nothing is left: for a job of which nothing
  /// is known but its token.
  static func endAll(
    _ program: String, of token: EngineJob, cgroup: String?
  ) throws(EngineFailure) -> Bool {
    let mark = mark(token)
    _ = try signalAll(SIGKILL) { pid in
      isSupervisor(pid, program, of: token) ? .one : finding(pid, mark)
    }
    return try end(token, cgroup: cgroup, first: nil)
  }

  private static func mark(_ token: EngineJob) -> [UInt8] {
    Array("MADANG_RUN=\(token.hex)".utf8)
  }

  private enum Finding {
    case one, other
    /// It is just becoming another program, and may be one.
    case unclear
    /// It has ended.
    case gone
  }

  private enum Look {
    /// There was one, or may have been.
    case found
    /// None; but somebody was listed and had ended by the time that it was looked at.
    case passing
    case nobody
  }

  /// Whether a process has the mark.
  private static func finding(_ pid: pid_t, _ mark: [UInt8]) -> Finding {
    let variables = texts(of: pid, "environ")
    guard variables.isEmpty else {
      return variables.contains { $0.elementsEqual(mark) } ? .one : .other
    }
    // It has none, is another user's, has ended, or its program is being replaced: until that is
    // done there is none to be read.
    guard let standing = ProcessStanding(pid), !standing.hasEnded else { return .gone }
    return standing.isReadable && !standing.hasNoVariables ? .unclear : .other
  }

  private static func isSupervisor(_ pid: pid_t, _ program: String, of token: EngineJob) -> Bool {
    let name = program.utf8.split(separator: UInt8(ascii: "/")).last ?? program.utf8[...]
    let folder = "/jobs/\(token.hex)".utf8
    let arguments = texts(of: pid, "cmdline")
    return arguments.count == 2 && arguments[0].suffix(name.count).elementsEqual(name)
      && arguments[1].suffix(folder.count).elementsEqual(folder)
  }

  /// Signals every process that is one of these, and says whether there was any. The newest
  /// numbers first: those are the restless ones, and what was just listed is still there.
  private static func signalAll(
    _ number: Int32, where find: (pid_t) -> Finding
  ) throws(EngineFailure) -> Look {
    var look = Look.nobody
    for pid in try LocalFiles.names(in: "/proc").compactMap({ pid_t($0) }).sorted(by: >) {
      guard pid > 1 else { continue }
      // Opened first: if the process with this number is another by the time that it is looked at,
      // the signal goes to the first one, which has ended.
      let process = madang_process_open(pid)
      guard process >= 0 else {
        if look == .nobody { look = .passing }
        continue
      }
      defer { close(process) }
      switch find(pid) {
      case .other: continue
      case .gone: if look == .nobody { look = .passing }
      case .unclear: look = .found
      case .one:
        look = .found
        _ = madang_process_signal(process, number)
      }
    }
    return look
  }

  /// A process's arguments or variables; none where it is another user's, has ended, or is gone.
  private static func texts(of pid: pid_t, _ file: String) -> [ArraySlice<UInt8>] {
    let bytes = (try? LocalFiles.bytes(of: "/proc/\(pid)/\(file)")) ?? []
    return bytes.split(separator: 0)
  }
}
