import MadangProgramme
import MadangTestEngines

/// What one commit puts on the disk, whole or not at all: events, and all that has to stand or fall
/// with them.
struct Record {
  var leaves: [(bytes: [UInt8], openings: [Opening])] = []
  /// The command's key, and how it was answered.
  var answer: (key: CommandKey, answer: Answer)?
  var lease: (cluster: ClusterID, lease: AgentLease)?
  var usage: [UsageSegment] = []
  /// Of the books beside the journal.
  var changes: [Books.Change] = []

  // Not on the disk: what the process that writes it goes on with.
  var next: Programme?
  var report: AgentReport?
  var events: [Event] = []

  var isSomething: Bool {
    !leaves.isEmpty || answer != nil || lease != nil || !usage.isEmpty
      || !changes.isEmpty
  }

  /// What is left of it after the process that wrote it.
  var asRead: Record {
    Record(leaves: leaves, answer: answer, lease: lease, usage: usage, changes: changes)
  }
}

/// A disk in memory, with the manners of real ones.
///
/// ```
///  records   0 … durable … count      what is read back; after a crash, what is left of it
///                   └ written, not synced: a crash may keep a part, and tear the last
/// ```
struct Disk {
  enum Failure: Error { case write, sync }

  private(set) var records: [Record] = []
  /// Records that were really synced: a crash leaves all of them.
  private(set) var durable = 0
  /// Records that the last sync which failed was to make durable: later syncs pass over them.
  private var passedOver: Range<Int>?
  /// While it lies, a sync answers well and does nothing.
  private(set) var isLying = false

  mutating func write(
    _ record: Record, _ faults: inout Faults, _ random: inout Random
  ) throws(Failure) {
    if faults.happens(.writeFails, 12, &random) { throw .write }
    records.append(record.asRead)
  }

  mutating func sync(_ faults: inout Faults, _ random: inout Random) throws(Failure) {
    if faults.happens(.syncFails, 10, &random) {
      passedOver = durable..<records.count
      throw .sync
    }
    if faults.isOver { isLying = false }
    if faults.happens(.diskLies, 8, &random) { isLying = true }
    if isLying, random.chance(80) { return }
    isLying = false
    // What a sync that failed left out is taken for clean: it stays where it was, in memory.
    if passedOver == nil { durable = records.count }
  }

  /// The machine stops. A part of what was not synced may be there; a record that was torn fails
  /// its checksum, and nothing after it is read.
  mutating func crash(_ faults: inout Faults, _ random: inout Random) {
    var kept = durable
    if passedOver == nil {
      while kept < records.count, random.chance(50) {
        if faults.happens(.writeTorn, 300, &random) { break }
        kept += 1
      }
    } else if passedOver?.count == 1, random.chance(50) {
      // That a sync failed does not say that nothing was written.
      kept = min(kept + 1, records.count)
    }
    records.removeLast(records.count - kept)
    durable = kept
    passedOver = nil
    isLying = false
  }
}
