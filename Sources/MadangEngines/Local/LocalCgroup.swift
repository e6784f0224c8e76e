import Glibc

extension LocalEngine {
  /// A cgroup (v2) folder of this name below the one that this process is in, made where it is
  /// missing; nothing where there is no such hierarchy, or this user may not write to it.
  ///
  /// For `Options.cgroup`. Whoever asks decides: on a system that hands cgroups out (systemd), the
  /// service should be one to which its own is delegated.
  public static func writableCgroup(named name: String) -> String? {
    guard let mount = cgroupMount, let own = ownCgroup else { return nil }
    let path = "\(mount)\(own == "/" ? "" : own)/\(name)"
    guard mkdir(path, 0o755) == 0 || errno == EEXIST, access("\(path)/cgroup.procs", W_OK) == 0,
      access("\(path)/cgroup.kill", W_OK) == 0
    else { return nil }
    return path
  }

  /// Where the hierarchy is mounted, from lines of `device folder type options …`.
  private static var cgroupMount: String? {
    for line in lines(of: "/proc/self/mounts") {
      let fields = line.split(separator: " ")
      guard fields.count > 3, fields[2] == "cgroup2" else { continue }
      if fields[3].split(separator: ",").contains("rw") { return String(fields[1]) }
    }
    return nil
  }

  /// This process's place in it: the line of hierarchy 0.
  private static var ownCgroup: String? {
    lines(of: "/proc/self/cgroup").first { $0.hasPrefix("0::/") }.map { String($0.dropFirst(3)) }
  }

  private static func lines(of path: String) -> [Substring] {
    // A file that cannot be read says nothing, as where there are no cgroups.
    let bytes = (try? LocalFiles.bytes(of: path)) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }
}
