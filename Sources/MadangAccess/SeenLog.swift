import Foundation
import GRDB
public import MadangProgramme
import Synchronization

/// That somebody saw somebody's personal data.
public struct SeenEntry: Sendable, Hashable {
  /// Running, without gaps.
  public let number: Int64
  public let at: Instant
  /// Who saw.
  public let account: String
  /// What was seen: a short word of the page or field.
  public let what: String
  /// Whose it is.
  public let subject: String
}

/// What the file is still to be told: written together, once a second.
struct Backlog {
  struct Sight {
    let at: Instant
    let account: String
    let what: String
    let subject: String
  }

  /// That a session or token was used.
  struct Use {
    let hash: Digest
    let at: Instant
    let isToken: Bool
  }

  /// While the disk refuses, at about 200 bytes an entry, 10 MB. Beyond it entries are lost, and
  /// how many is written in their place.
  static let entriesMax = 50_000
  /// Scalars kept of a word in it.
  static let wordScalarsMax = 200

  var sights: [Sight] = []
  var uses: [Use] = []
  var lost = 0
  var isScheduled = false

  var isEmpty: Bool { sights.isEmpty && uses.isEmpty && lost == 0 }

  mutating func add(_ sight: Sight) {
    if sights.count < Backlog.entriesMax { sights.append(sight) } else { lost += 1 }
  }

  mutating func add(_ use: Use) {
    if uses.count < Backlog.entriesMax { uses.append(use) }
  }

  /// All that waits, to be written now.
  mutating func take() -> Backlog {
    let taken = self
    self = Backlog()
    return taken
  }

  /// It could not be written: it stands before what came since.
  mutating func putBack(_ work: Backlog) {
    let since = take()
    sights = work.sights
    uses = work.uses
    lost = work.lost + since.lost
    isScheduled = since.isScheduled
    for sight in since.sights { add(sight) }
    for use in since.uses { add(use) }
  }
}

extension AccessBook {
  /// Notes that `account` saw `what` of `subject`. Waits for nothing; the file has it within about
  /// a second, and what a crash catches before that is lost.
  ///
  /// An entry that could not be kept because the disk refused for too long is counted, and how
  /// many were lost stands in the log as an entry of the account `-`.
  public func noteSeen(_ what: String, of subject: String, by account: String, at: Instant) {
    func short(_ text: String) -> String {
      String(String.UnicodeScalarView(text.unicodeScalars.prefix(Backlog.wordScalarsMax)))
    }
    let sight = Backlog.Sight(
      at: at, account: short(account), what: short(what), subject: short(subject))
    backlog.withLock { $0.add(sight) }
    schedule()
  }

  /// The newest entries, newest first.
  public func seen(limit: Int) throws(AccessRefusal) -> [SeenEntry] {
    flush()
    return try store.read { db in
      try Row.fetchAll(
        db, sql: "SELECT number, at, account, what, subject FROM seen ORDER BY number DESC LIMIT ?",
        arguments: [max(0, limit)]
      ).map {
        SeenEntry(
          number: $0[0], at: Instant($0[1]), account: $0[2], what: $0[3], subject: $0[4])
      }
    }
  }

  // MARK: -

  func noteUse(_ use: Backlog.Use) {
    backlog.withLock { $0.add(use) }
    schedule()
  }

  private func schedule() {
    let isNew = backlog.withLock { backlog in
      defer { backlog.isScheduled = true }
      return !backlog.isScheduled
    }
    guard isNew else { return }
    flusher.asyncAfter(deadline: .now() + 1) { [weak self] in self?.flush() }
  }

  /// Writes what waits; where that fails it waits on. A process that ends calls it last.
  public func flush() { flush(isLast: false) }

  func flush(isLast: Bool) {
    let work = backlog.withLock { $0.take() }
    guard !work.isEmpty else { return }
    do throws(AccessRefusal) {
      try store.write { db in try AccessBook.write(work, db) }
    } catch {
      // The disk's refusal shows wherever somebody waits for an answer; here it is tried again.
      backlog.withLock { $0.putBack(work) }
      if !isLast { schedule() }
    }
  }

  private static func write(_ work: Backlog, _ db: Database) throws {
    for use in work.uses {
      try db.execute(
        sql: use.isToken
          ? "UPDATE token SET usedAt = max(ifnull(usedAt, ?1), ?1) WHERE hash = ?2"
          : "UPDATE session SET seenAt = max(seenAt, ?1) WHERE hash = ?2",
        arguments: [use.at.seconds, use.hash.data])
    }
    let insert = "INSERT INTO seen (at, account, what, subject) VALUES (?, ?, ?, ?)"
    for sight in work.sights {
      try db.execute(
        sql: insert,
        arguments: [sight.at.seconds, sight.account, sight.what, sight.subject])
    }
    if work.lost > 0 {
      try db.execute(
        sql: insert,
        arguments: [work.sights.last?.at.seconds ?? 0, "-", "lost", "\(work.lost)"])
    }
  }
}
