import CMadangProcess
import Glibc
public import MadangProgramme
import Synchronization

/// Runs jobs as processes of this machine, each under a small supervisor of its own that outlives
/// this process.
///
/// ```
///  folder/lock          held by the one process that runs this cluster
///  folder/limits        the desired state that is enforced; what `observe` reads back
///  folder/usage         segments that were metered and not yet taken over
///  folder/seen          until when all that runs was seen to run
///  folder/wake          a named pipe: supervisors say what changed
///  folder/intents/TOKEN a second name of the job's file `job`, from before it may begin
///  folder/jobs/TOKEN/   job · lock · script · started · ended · cancel
/// ```
/// A job's intent is on the disk before anything of it may begin, and its folder appears whole, by
/// one rename. Its supervisor holds the lock in it from before it is born until it ends, so that
/// whoever gets that lock knows that nobody lives there and nobody will: no process number has to
/// be believed. Everything here can be cut off anywhere; a token is started at most once because
/// its folder appears at most once, and because its intent stays when that folder is lost.
///
/// A job can harm its own supervisor, as both belong to one user. The folder must lie on a local
/// disk: locks on network file systems are not inherited.
public final class LocalEngine: Engine {
  public struct Options: Sendable {
    public let folder: String
    public let cluster: LocalCluster
    /// The supervisor's program.
    public var supervisor = LocalEngine.supervisorBesideThis
    /// Where `nvidia0` and its like are.
    public var deviceFolder = "/dev"
    /// A cgroup (v2) folder that this user may write to (``LocalEngine/delegatedCgroup(named:)``);
    /// each job gets one below it. It ends what a job started even where job and supervisor
    /// conspire. Without one, descendants are found by their parents and their environment.
    public var cgroup: String?
    public var clock = LocalClock.system

    public init(folder: String, cluster: LocalCluster) {
      self.folder = folder
      self.cluster = cluster
    }
  }

  let options: Options
  let slots: [LocalSlot]
  let wake: Int32
  let book: Mutex<LocalBook>
  private let lock: FileLock

  /// Opens a cluster's folder, makes it where it is missing, and adopts what it finds: jobs whose
  /// supervisors live go on, all others are ended as *never started* or *lost*.
  public init(_ options: Options) throws(EngineFailure) {
    self.options = options
    slots = options.cluster.table
    try LocalFiles.makeFolder(options.folder)
    try LocalFiles.makeFolder(options.intents)
    try LocalFiles.makeFolder("\(options.folder)/jobs")
    // An intent is only as durable as every name on the way to it.
    try LocalFiles.sync(folder: options.folder)
    try LocalFiles.sync(upFrom: options.folder)
    lock = try LocalEngine.onlyLock("\(options.folder)/lock")
    let path = "\(options.folder)/wake"
    guard mkfifo(path, 0o600) == 0 || errno == EEXIST else { throw LocalFiles.failure(path) }
    // For reading and writing, so that it never ends when the last supervisor closes it.
    wake = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    guard wake >= 0 else { throw LocalFiles.failure(path) }
    book = Mutex(try LocalBook(options: options, slots: slots))
  }

  deinit { close(wake) }

  /// Waits half a second at most: a supervisor that was being born when the last server died has
  /// its lock until it is.
  private static func onlyLock(_ path: String) throws(EngineFailure) -> FileLock {
    for _ in 0..<50 {
      if let lock = try FileLock(path, making: true) { return lock }
      usleep(10_000)
    }
    throw .forbidden(reason: "\(path): another process runs this cluster")
  }

  public var kind: EngineKind { .local }

  /// Writes what is to be enforced, whole and durably. Jobs that it leaves no right to run are told
  /// to end.
  public func apply(_ desired: DesiredState, at: Instant) throws(EngineFailure) {
    guard desired.cluster == options.cluster.cluster else {
      throw .forbidden(reason: "\(desired.cluster) is not \(options.cluster.cluster)")
    }
    try book.withLock { book throws(EngineFailure) in
      try LocalFiles.replace(options.limitsPath, CanonicalWriter.bytes(of: desired))
      book.limits = try options.readLimits()
      try book.endUnentitled(at: at)
    }
  }

  /// Reads the limits from the disk again, and looks for the devices. Jobs whose allocation's term
  /// has run out meanwhile are told to end.
  public func observe(at: Instant) throws(EngineFailure) -> ObservedState {
    let desired = try options.readLimits()
    try book.withLock { book throws(EngineFailure) in try book.endUnentitled(at: at) }
    let up = Int64(slots.count { options.isUp($0) })
    // Reservations first, in order; what they leave is for everybody with a budget.
    var left = up
    var reserved: [AllocationID: Int64] = [:]
    for allocation in desired?.allocations ?? [] {
      guard case .reserved(let gpus) = allocation.limit else { continue }
      reserved[allocation.allocation] = min(gpus, left)
      left -= min(gpus, left)
    }
    let observed = (desired?.allocations ?? []).map { allocation in
      let usable = !allocation.suspended && allocation.from <= at && at < allocation.to
      return ObservedAllocation(
        allocation: allocation.allocation, limit: allocation.limit,
        suspended: allocation.suspended,
        readyGPUs: usable ? reserved[allocation.allocation] ?? left : 0)
    }
    return ObservedState(
      cluster: options.cluster.cluster, generation: desired?.generation, at: at,
      allocations: observed, devices: DeviceCounts(up: up, down: Int64(slots.count) - up))
  }

  /// `madang-supervise` in the folder of the program that runs now.
  public static var supervisorBesideThis: String {
    var path = [UInt8](repeating: 0, count: 4_096)
    let count = path.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        readlink("/proc/self/exe", $0.baseAddress!, $0.count)
      }
    }
    let program = String(decoding: path.prefix(max(count, 0)), as: UTF8.self)
    return "\(LocalFiles.parent(program))/madang-supervise"
  }
}

extension LocalEngine.Options {
  var limitsPath: String { "\(folder)/limits" }

  func jobFolder(_ token: EngineJob) -> String { "\(folder)/jobs/\(token.hex)" }

  func isUp(_ slot: LocalSlot) -> Bool {
    slot.device.map { LocalFiles.exists("\(deviceFolder)/nvidia\($0)") } ?? true
  }

  func readLimits() throws(EngineFailure) -> DesiredState? {
    try readRecord(DesiredState.self, limitsPath)
  }

  /// A record of the engine's; nothing where there is no such file.
  func readRecord<Value: Canonical>(
    _ type: Value.Type, _ path: String
  ) throws(EngineFailure) -> Value? {
    guard let bytes = try LocalFiles.bytes(of: path) else { return nil }
    do {
      return try CanonicalReader.value(type, from: bytes)
    } catch {
      throw .damaged(reason: "\(path): \(error.expected) expected at byte \(error.offset)")
    }
  }
}
