/// How far a job has come.
///
/// ```
///  waiting ──▶ starting ──▶ running ──▶ ended
///     │            └──────── never started ──▲
///     └──────── canceled before it began ────┘
/// ```
public enum JobState: String, Sendable, CaseIterable {
  /// Submitted; its turn, its budget or what it depends on is waited for.
  case waiting
  /// That it starts is on the disk; whether its supervisor runs is not yet known.
  case starting
  case running
  case ended
}
