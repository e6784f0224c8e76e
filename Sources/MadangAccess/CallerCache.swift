import MadangProgramme
import MadangViews

/// Sessions and tokens that were looked up before, so that a request asks no disk.
///
/// Whatever changes the file forgets here too. A look-up that began before such a change must not
/// put back what it read: it carries the generation in which it began.
struct CallerCache {
  /// A session or a token, and how long it holds.
  struct Entry {
    let caller: Caller
    /// A session has one, a token not.
    let csrf: String?
    /// It ends here whatever happens.
    let end: Instant
    var seenAt: Instant
    /// What the file says of `seenAt`; it follows at a distance.
    var writtenAt: Instant

    /// The moment from which it no longer holds.
    var expires: Instant {
      guard csrf != nil else { return end }
      return min(end, Instant(seenAt.seconds + SessionLimits.idleSeconds))
    }

    /// Notes a use; whether the file is to be told of it, as it is of a session's every five
    /// minutes and of a token's every hour.
    mutating func use(at: Instant) -> Bool {
      let every = csrf == nil ? 3_600 : SessionLimits.writtenEverySeconds
      seenAt = max(seenAt, at)
      guard at.seconds - writtenAt.seconds >= every else { return false }
      writtenAt = at
      return true
    }
  }

  enum Answer {
    case found(Entry, isToBeWritten: Bool)
    case ended
    case unknown(generation: Int)
  }

  /// At about 300 bytes an entry, 30 MB.
  static let entriesMax = 100_000

  private var entries: [Digest: Entry] = [:]
  private var generation = 0
  /// When it was last asked whether another process changed the file, and what the file said.
  private var askedAt: Instant?
  private var version: Int?

  /// Looks up and notes the use. O(1).
  mutating func use(_ digest: Digest, at: Instant) -> Answer {
    guard var entry = entries[digest] else { return .unknown(generation: generation) }
    guard at < entry.expires else {
      entries[digest] = nil
      return .ended
    }
    let isToBeWritten = entry.use(at: at)
    entries[digest] = entry
    return .found(entry, isToBeWritten: isToBeWritten)
  }

  /// Keeps what was read in this generation, unless something changed since.
  mutating func put(_ entry: Entry, _ digest: Digest, generation: Int) {
    guard generation == self.generation else { return }
    if entries.count >= CallerCache.entriesMax { entries.removeAll() }
    entries[digest] = entry
  }

  mutating func forget(_ digest: Digest) {
    generation += 1
    entries[digest] = nil
  }

  mutating func forgetAll() {
    generation += 1
    entries.removeAll()
  }

  /// Whether it is time to ask the file again: once a second.
  mutating func isToAsk(at: Instant) -> Bool {
    guard askedAt != at else { return false }
    askedAt = at
    return true
  }

  /// What the file said; nothing where it did not answer. Forgets all unless it is as before.
  mutating func heard(_ version: Int?) {
    if version == nil || version != self.version { forgetAll() }
    self.version = version
  }
}
