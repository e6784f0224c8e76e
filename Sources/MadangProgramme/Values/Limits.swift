/// Everything has a limit: refused by name at the edge, a precondition in the core.
public enum Limits {
  /// Largest integer in canonical JSON: 2⁵³ − 1, exact in every JSON reader (I-JSON, RFC 7493).
  public static let integerMax: Int64 = 9_007_199_254_740_991
  /// Rows in one table. Int32 keeps hot rows narrow; a national programme stays far below.
  public static let identifierMax = 1_000_000_000
  /// Characters (Unicode scalars) in a name or label.
  public static let labelScalarsMax = 200
  /// Characters (Unicode scalars) in a note, title or piece of evidence.
  public static let textScalarsMax = 2_000
  /// GPUs in any one figure: forty times the largest programme announced.
  public static let gpusMax: Int64 = 10_000_000
  /// Civil days a programme covers: thirty years.
  public static let daysMax = 11_000
  /// Days for which what a team left may be kept for it to read: a year.
  public static let readableDaysMax: Int64 = 366
  /// Seconds from when a budget lets work begin until it is over: thirty days of a job, and an hour
  /// in which it may start late and take to end.
  public static let workSecondsMax: Int64 = 2_592_000 + 3_600
  /// Days a round's period may span: ten years.
  public static let periodDaysMax = 3_660
  /// Device models an application may name, in order of preference.
  public static let modelPreferencesMax = 4
  /// Items of one definition: parties of an agreement, lines of a tranche, criteria of a call.
  public static let itemsMax = 1_000
  /// Points a reviewer can give on a criterion.
  public static let pointsMax: Int64 = 100
  /// Weight of one criterion or one pool in a rule set.
  public static let weightMax: Int64 = 1_000_000
  /// Applications in one round.
  public static let applicationsMax = 1_000_000
  /// Eligibility rules of one rule set: an application keeps the index of the one it broke as Int8.
  public static let eligibilityRulesMax = 100
  /// Reviews of one application.
  public static let reviewsPerApplicationMax: Int32 = 100
}
