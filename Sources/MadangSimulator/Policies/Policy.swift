/// The one seam of every policy. The event loop tells it what happened and asks it once a tick to
/// decide; it acts through the verbs of `World`.
///
/// A policy is given a job once by `arrived`, and again by `evicted` where it was stopped by
/// something other than the policy itself.
protocol Policy: ~Copyable {
  mutating func arrived(_ job: Int, _ world: inout World)
  mutating func ended(_ job: Int, _ world: inout World)
  mutating func evicted(_ job: Int, _ world: inout World)
  /// Decides, after everything that happens in this tick has happened.
  mutating func decide(_ world: inout World)
  /// The next tick at which it wants to decide though nothing happens; `Int64.max` for none.
  func wakes(_ world: World) -> Int64
  mutating func nodeChanged(_ node: Int, _ world: inout World)
  /// Recounts what it keeps, on the sample that `Simulation.Options.checkEvery` says.
  func checkInvariants()
}

extension Policy where Self: ~Copyable {
  mutating func ended(_ job: Int, _ world: inout World) {}
  mutating func evicted(_ job: Int, _ world: inout World) { arrived(job, &world) }
  func wakes(_ world: World) -> Int64 { .max }
  mutating func nodeChanged(_ node: Int, _ world: inout World) {}
  func checkInvariants() {}
}

/// The policies by the names that people use.
public enum PolicyName: String, Sendable, CaseIterable {
  case fifo, sjf, srtf, srsf
  case tiresias = "tiresias-l"
  case easy, conservative
  case random
  case bestFit = "best-fit"
  case fgd
  case tightFGD = "tight-fgd"
  case fairShare = "fair-share"
}
