import Dispatch
import Foundation
import GRDB
public import MadangProgramme
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The one writer of a data folder: commands in, durable events out.
///
/// ```
///  submit ─▶ decide ─▶ apply (on a copy) ─▶ leaf, openings, tiles, key ─▶ COMMIT + fsync
///                                                                            │
///  reply ◀──────────────────────── publish to readers ◀──────────────────────┘
/// ```
/// Nobody learns of an event before it is on the disk. Readers take ``programme``, a value, and
/// never wait for the disk. Everything else that only reads is in ``ledger``.
public final class Journal: Sendable {
  /// Days for which a request's key is remembered.
  public static let requestDays: Int64 = 30
  /// Requests in one batch: more would hold everybody else up for seconds.
  public static let batchMax = 100_000

  /// Rows of a long batch that wait for being written.
  private static let rowsMax = 1_000

  /// The data folder.
  public let folder: String
  /// The reading half.
  public let ledger: Ledger
  private let options: Options
  private let queue: DatabaseQueue
  private let lock: FolderLock
  private let published: Mutex<State>
  private let writing: Mutex<Writing>
  private let snapshots = DispatchQueue(label: "madang.snapshots", qos: .utility)

  /// What only the writer knows.
  private struct Writing {
    /// Why nothing can be written any more.
    var stopped: JournalError?
    /// The newest moment before which keys were forgotten.
    var forgottenBefore = Instant(-Limits.integerMax)
    /// The events of the newest snapshot, written or being written.
    var snapshotEvents: Int64
  }

  public struct Options: Sendable {
    public var salts: any SaltSource = SystemSalts()
    /// Events between two snapshots.
    public var snapshotEvery: Int64 = 100_000
    /// Called while a long journal is read.
    public var progress: @Sendable (Progress) -> Void = { _ in }
    /// Called when a commit failed so that nobody knows whether it happened. Only a new start,
    /// which reads the disk, can tell.
    public var onUnknownOutcome: @Sendable (JournalError) -> Never = Journal.stop
    /// The machine's time, by which keys are forgotten: not the programme's, which somebody moves
    /// on in an exercise. No step of that clock forgets anything while the process lives.
    package var machine: @Sendable () -> Instant = Journal.steadyMachine()
    package var synchronous = Connections.Synchronous.full
    /// The database's pages, for a test that wants a full disk.
    package var pageMax: Int?

    public init() {}
  }

  /// Opens the journal in a data folder, or begins one in an empty folder.
  public init(folder: String, options: Options = Options()) throws(JournalError) {
    // It will hold sealed values and a key.
    try Files.makeFolder(folder, isPrivate: true)
    self.folder = folder
    self.options = options
    lock = try FolderLock(folder: folder)
    queue = try Connections.writer(
      Ledger.path(in: folder), options.synchronous, pageMax: options.pageMax)
    try Files.sync(upFrom: folder)
    Journal.emptyLog(queue)
    ledger = try Ledger(folder: folder)
    let replay = try ledger.read { tables in
      let count = try tables.eventCount()
      var replay = try Replay(snapshotIn: folder, limit: count, tables)
      let events = replay.programme.eventCount
      try replay.run(to: count, tables, progress: options.progress)
      return (programme: replay.programme, frontier: replay.frontier, snapshot: events)
    }
    published = Mutex(
      State(programme: replay.programme, frontier: replay.frontier, edition: Edition()))
    writing = Mutex(Writing(snapshotEvents: replay.snapshot))
  }

  /// The programme after the newest durable event.
  public var programme: Programme { state.programme }

  /// The same, with the root over all its events.
  public var moment: Moment {
    let state = state
    return Moment(programme: state.programme, frontier: state.frontier)
  }

  /// The ledger at one event: every answer is made from one of these.
  public struct Moment: Sendable {
    public let programme: Programme
    fileprivate let frontier: Frontier

    /// Complexity: O(log events).
    public var root: Digest { frontier.root }
  }

  private var state: State { published.withLock { $0 } }

  /// Does these requests in order, in one transaction: one reply each, in the same order.
  ///
  /// A refused request changes nothing and the others go on; with `atomic`, one refusal refuses
  /// all. An error means that nothing of the batch was done.
  public func submit(
    _ requests: [Request], atomic: Bool = false
  ) throws(JournalError) -> [Reply] {
    precondition(requests.count <= Journal.batchMax, "a batch has a limit")
    return try commit(requests, decided: nil, atomic: atomic)
  }

  /// A batch to be filled while others are on their way to the disk. It goes on from the one before
  /// it, in the hope that this one will be committed as it is.
  func batch(after ahead: State?) -> Batch {
    Batch(after: ahead ?? state, salts: options.salts)
  }

  /// Commits a batch as it was decided; where that was on another value than the journal now has,
  /// its requests are decided again.
  func commit(_ batch: Batch) throws(JournalError) -> [Reply] {
    try commit(batch.requests, decided: batch, atomic: false)
  }

  private func commit(
    _ requests: [Request], decided: Batch?, atomic: Bool
  ) throws(JournalError) -> [Reply] {
    try writing.withLock { writing throws(JournalError) in
      try check(writing)
      let start = state
      var refused: [Reply] = []
      let now = options.machine()
      let forget = now.seconds - Journal.requestDays * 86_400
      // Once a day.
      let forgets = forget >= writing.forgottenBefore.seconds + 86_400
      let done: Batch? = try transaction(&writing) { tables in
        let known = try tables.replies(to: requests)
        var batch = Batch(after: start, salts: options.salts)
        if var decided, decided.base === start.edition, known.isEmpty {
          try write(&decided, tables, at: now)
          batch = decided
        } else {
          for (place, request) in requests.enumerated() {
            batch.add(request, known: known[place])
            if atomic, case .refused(let refusal) = batch.replies[place] {
              refused = Journal.allRefused(requests.count, because: refusal, at: place)
              return nil
            }
            if batch.rows.events.count >= Journal.rowsMax { try write(&batch, tables, at: now) }
          }
          try write(&batch, tables, at: now)
        }
        if forgets { try tables.removeRequests(before: Instant(forget)) }
        return batch
      }
      guard let batch = done else { return refused }
      if forgets { writing.forgottenBefore = Instant(forget) }
      published.withLock { $0 = batch.state }
      snapshotIfDue(&writing, batch.state.programme)
      return batch.replies
    }
  }

  /// The machine's clock as it was at first, and from there the one that nobody sets.
  private static func steadyMachine() -> @Sendable () -> Instant {
    let began = (ContinuousClock.now, Int64(Date().timeIntervalSince1970))
    return { Instant(began.1 + (ContinuousClock.now - began.0).components.seconds) }
  }

  /// Writes what a batch has become so far.
  private func write(_ batch: inout Batch, _ tables: Tables, at now: Instant) throws {
    if let failure = batch.failure { throw failure }
    let rows = batch.takeRows()
    if let cryptography = rows.founded {
      let key = try LedgerKey.ensured(in: folder, cryptography)
      try tables.setMeta("publicKey", hexadecimal(key.publicBytes))
    }
    try tables.insert(rows, at: now)
  }

  private static func allRefused(
    _ count: Int, because refusal: SubmissionRefusal, at place: Int
  ) -> [Reply] {
    (0..<count).map { .refused($0 == place ? refusal : .anotherRefused(place: place)) }
  }

  // MARK: Heads

  /// Whether a head could be signed now: to be asked before something is recorded that nobody could
  /// sign for.
  public func checkKey() throws(JournalError) {
    guard let charter = programme.charter,
      let cryptography = CryptographyProfile.signing(with: charter.signature.value)
    else { return }
    _ = try signingKey(cryptography)
  }

  private func signingKey(_ cryptography: any Cryptography) throws(JournalError) -> SigningKey {
    let key = try LedgerKey.read(in: folder, cryptography)
    let expected = try ledger.read { try $0.meta("publicKey") }
    guard expected == hexadecimal(key.publicBytes) else {
      throw .keyUnusable(
        path: LedgerKey.path(in: folder, algorithm: cryptography.signatureAlgorithm))
    }
    return key
  }

  /// Signs the root over all events with the office's key; the newest head where nothing happened
  /// since.
  public func signHead(at: Instant) throws(JournalError) -> Head {
    try writing.withLock { writing throws(JournalError) in
      try check(writing)
      guard let charter = programme.charter,
        let cryptography = CryptographyProfile.signing(with: charter.signature.value)
      else { throw .notFounded }
      let frontier = state.frontier
      let size = Int64(frontier.size)
      let root = frontier.root
      if let newest = try ledger.newestHead(), newest.size == size { return newest }
      let key = try signingKey(cryptography)
      let message = Head.signedBytes(
        size: size, root: root, at: at, hash: SHA256.algorithm, algorithm: key.algorithm,
        publicKey: key.publicBytes)
      let signature: Signature
      do { signature = try cryptography.sign(message, with: key) } catch { throw .randomFailed }
      let head = Head(
        size: size, root: root, at: at, hash: SHA256.algorithm, signature: signature)
      _ = try transaction(&writing) { tables in try tables.insert(head) }
      return head
    }
  }

  // MARK: People and erasure

  /// The person with this name; a new random number where there is none.
  public func person(labelled label: String) throws(JournalError) -> PersonID {
    try writing.withLock { writing throws(JournalError) in
      try check(writing)
      if let person = try ledger.person(labelled: label) { return person }
      // Asked again inside: another process may name somebody too.
      let person = try transaction(&writing) { tables in try tables.ensured(label) }
      guard let person else { preconditionFailure("a body that answers is committed") }
      return person
    }
  }

  /// Gives a person's number a name, or takes it away for good.
  public func setLabel(_ label: String?, of person: PersonID) throws(JournalError) {
    try writing.withLock { writing throws(JournalError) in
      try check(writing)
      _ = try transaction(&writing) { tables in try tables.set(label, of: person) }
    }
  }

  /// Forgets the salts and values of these events' sealed fields, all or those named, for good:
  /// what stays are commitments that nobody can open. Answers how many were there.
  ///
  /// Throws `fileFailed` where they are erased, and the database's log still holds older pages that
  /// another process reads: asked again once that has ended, or at the next opening, they go.
  ///
  /// Snapshots still hold the values, so they go too, and the programme is replayed as every later
  /// start will replay it. Complexity: O(all events).
  public func erase(
    openingsOf events: some Sequence<Int64>, fields: Set<String>? = nil
  ) throws(JournalError) -> Int {
    let numbers = Set(events).sorted()
    return try writing.withLock { writing throws(JournalError) in
      try check(writing)
      // After the background writer, which may hold an older value.
      snapshots.sync {}
      // First the snapshots: a crash in between leaves values in the journal, where a second try
      // finds them, and never in a snapshot that outlives them.
      try SnapshotFile.removeAll(in: folder)
      let erased = try transaction(&writing) { tables in
        try numbers.reduce(0) { $0 + (try tables.erase(openingsOf: $1, fields: fields)) }
      }
      writing.snapshotEvents = 0
      let programme = try ledger.programme(progress: options.progress)
      published.withLock {
        $0.programme = programme
        $0.edition = Edition()
      }
      try emptyLog()
      return erased ?? 0
    }
  }

  /// Takes older pages out of the log. A reader may look at them for some seconds, for which this
  /// waits; whoever reads longer keeps values there that are to be gone, which is told.
  private func emptyLog() throws(JournalError) {
    do {
      _ = try queue.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
    } catch {
      throw .fileFailed(
        path: Ledger.path(in: folder) + "-wal", reason: "another process still reads it")
    }
  }

  /// The same at an opening, where a process may have ended before it could: at once, or not now.
  private static func emptyLog(_ queue: DatabaseQueue) {
    _ = try? queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA busy_timeout = 0")
      defer { try? db.execute(sql: "PRAGMA busy_timeout = 5000") }
      try db.checkpoint(.truncate)
    }
  }

  // MARK: Snapshots, end

  /// Writes a snapshot of the programme as it is.
  public func writeSnapshot() throws(JournalError) {
    let programme = programme
    guard programme.eventCount > 0 else { return }
    let root = try ledger.root(size: programme.eventCount)
    try SnapshotFile.write(programme, root: root, in: folder)
  }

  /// Ends writing: a last snapshot where one is due, the log folded into the file.
  public func close() throws(JournalError) {
    let stopped = writing.withLock { writing in
      defer { writing.stopped = writing.stopped ?? .closed }
      return writing.stopped
    }
    guard stopped == nil else { return }
    snapshots.sync {}
    let due = writing.withLock { $0.snapshotEvents } + options.snapshotEvery
    // Worth nothing but time, as ever: a full disk keeps nobody from closing.
    if programme.eventCount >= due { try? writeSnapshot() }
    ledger.close()
    // A full disk may have no room to fold the log in; it is as durable where it is.
    _ = try? queue.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
    try Connections.reporting(Ledger.path(in: folder)) { try queue.close() }
    lock.release()
  }

  private func snapshotIfDue(_ writing: inout Writing, _ programme: Programme) {
    guard programme.eventCount >= writing.snapshotEvents + options.snapshotEvery else { return }
    writing.snapshotEvents = programme.eventCount
    snapshots.async { [self] in
      // A snapshot is worth nothing but time: where it cannot be written, for whatever reason, the
      // next start is slower.
      guard let root = try? ledger.root(size: programme.eventCount) else { return }
      try? SnapshotFile.write(programme, root: root, in: folder)
    }
  }

  // MARK: Transactions

  private func check(_ writing: borrowing Writing) throws(JournalError) {
    if let reason = writing.stopped { throw reason }
  }

  private func transaction<Result>(
    _ writing: inout Writing, _ body: (Tables) throws -> Result?
  ) throws(JournalError) -> Result? {
    do {
      return try Transaction.run(on: queue, body)
    } catch .outcomeUnknown(let reason) {
      let error = JournalError.outcomeUnknown(reason: reason)
      writing.stopped = error
      options.onUnknownOutcome(error)
    } catch {
      throw error
    }
  }

  /// Prints one sentence and ends the process: exit code 70, "internal software error" of sysexits.
  @Sendable public static func stop(_ error: JournalError) -> Never {
    let line = "madang: \(error.code): \(error.what(.en)) \(error.help(.en))\n"
    // Where even this cannot be written, the exit code says it.
    try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    exit(70)
  }
}

/// Lowercase hexadecimal digits.
func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(
    decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
