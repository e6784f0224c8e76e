/// Ways in which the harness breaks what it runs, to prove that its checks see them. Nothing of
/// this is in the code under test.
enum Mutation: CaseIterable {
  /// Answers a command before it is on the disk.
  case acknowledgedBeforeCommit
  /// Goes on after a sync that failed, as if it could be repeated.
  case goesOnAfterFailedSync
  /// Does not keep the keys of commands.
  case forgetsKeys
  /// Keeps an agent's lease in memory only.
  case forgetsLeases
  /// Listens to whoever speaks.
  case noFencing
  /// Answers how far usage was taken over, and writes the usage with the next report.
  case cursorBeforeUsage
  /// Adds usage whatever was there.
  case usageTwice
  /// An agent that reports what it was told in place of what it read.
  case reportsWhatWasTold
  /// An agent that reports one segment in the place of another.
  case leavesUsageOut
  /// Applies an event at another moment than the one it writes.
  case appliesOtherThanWritten
  /// An office that loses one event when it replays.
  case replayLosesOne
  /// Ends holds and keeps what they held.
  case leaksHolds
  /// Posts usage, and does not take it out of its hold.
  case postsBesideHolds
  /// What is late does not touch hours that are sealed.
  case leavesSealsAlone
}
