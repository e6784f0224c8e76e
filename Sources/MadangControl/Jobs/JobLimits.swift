import MadangProgramme

/// What one job may have at most.
public enum JobLimits {
  public static let nameBytesMax = 200
  /// As Slurm takes it; a longer one is data.
  public static let scriptBytesMax = 4_194_304
  /// What Linux gives a process as one text: 32 pages, its zero byte not counted.
  public static let argumentBytesMax = 131_071
  /// All arguments and variables together; Linux takes 2 MiB with the usual stack.
  public static let textsBytesMax = 1_500_000
  public static let argumentsMax = 10_000
  public static let variablesMax = 10_000
  /// What Linux takes as a path.
  public static let pathBytesMax = 4_095
  /// Bytes of a line that can hold directives.
  public static let directiveLineBytesMax = 8_192
  /// GPUs of one job; a gang of them runs whole or not at all.
  public static let gpusMax: Int32 = 100_000
  /// Thirty days a job: longer work saves its state and goes on.
  public static let timeLimitSecondsMax: Int64 = Limits.workSecondsMax - graceSeconds
  /// Seconds after its time limit for which a job's budget stays held: it may start late, and takes
  /// TERM, KILL and its report to end.
  public static let graceSeconds: Int64 = 3_600
  public static let arrayTasksMax = 10_000
  public static let arrayIndexMax: Int32 = 4_000_000
  public static let dependenciesMax = 100
  /// A delay after a dependency began: ten days.
  public static let dependencyDelaySecondsMax: Int64 = 864_000
}
