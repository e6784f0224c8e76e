import Glibc

extension LocalEngine {
  /// A cgroup for the jobs of this process, where its own was handed to its user: a system that
  /// hands cgroups out (systemd, by `Delegate=yes`) gives the folder to whoever may make more in
  /// it. Root owns all of them, which says nothing.
  public static func delegatedCgroup(named name: String) -> String? {
    var own = stat()
    guard geteuid() != 0, let path = ownFolder, stat(path, &own) == 0, own.st_uid == geteuid()
    else { return nil }
    return writableCgroup(named: name)
  }

  /// A cgroup (v2) folder of this name below the one that this process is in, made where it is
  /// missing; nothing where there is no such hierarchy, or this user may not write to it.
  package static func writableCgroup(named name: String) -> String? {
    guard let own = ownFolder else { return nil }
    let path = "\(own)/\(name)"
    guard mkdir(path, 0o755) == 0 || errno == EEXIST, access("\(path)/cgroup.procs", W_OK) == 0,
      access("\(path)/cgroup.kill", W_OK) == 0
    else { return nil }
    return path
  }

  private static var ownFolder: String? {
    guard let mount = cgroupMount, let own = ownCgroup else { return nil }
    return "\(mount)\(own == "/" ? "" : own)"
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
