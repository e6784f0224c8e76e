public import MadangProgramme

/// What a simulated engine is in: a clock, a seed's draws, and what goes wrong.
public protocol EngineWorld: AnyObject {
  var instant: Instant { get }
  /// Whether a fault happens now: `permille` of a thousand times, where the run has it at all.
  func happens(_ fault: Fault, _ permille: Int) -> Bool
  func draw(_ range: ClosedRange<Int>) -> Int
  /// Has the engine enforce a state after so many seconds.
  func later(_ engine: SimulatedEngine, _ desired: DesiredState, after seconds: Int)
}
