/// What may go wrong in a run. Swarm: each run draws which of these it has at all, so that one kind
/// never hides what another would show.
public enum Fault: Int, CaseIterable, Sendable {
  // The disk.
  case writeFails, writeTorn, syncFails, diskLies
  // The office's process.
  case officeCrash
  // The network.
  case requestLost, replyLost, messageLate, messageTwice
  // Agents.
  case agentCrash, agentFrozen, twoAgents, agentClockBack
  // Engines.
  case engineAway, applyFails, applyLies, applyLate, applyTwice, applyPartly, engineForgets
  case engineConfused, usageAgain, usageReordered, deviceDown
  // People.
  case commandTwice, commandInvalid
}

/// Which faults a run has, and how many of each happened.
public struct Faults {
  private var on: [Bool]
  public private(set) var counts = Array(repeating: 0, count: Fault.allCases.count)
  /// At the end of a run faults stop, and everything has to settle.
  public private(set) var isOver = false

  public init(_ random: inout Random) {
    on = Fault.allCases.map { _ in random.chance(50) }
  }

  /// A run that has these faults, and no others.
  public init(only faults: [Fault]) {
    on = Fault.allCases.map { faults.contains($0) }
  }

  public mutating func stop() { isOver = true }

  /// Whether a fault happens now, if the run has it: `permille` of a thousand times.
  public mutating func happens(_ fault: Fault, _ permille: Int, _ random: inout Random) -> Bool {
    // Drawn in any case, so that a fault which is off moves no other.
    let drawn = random.draw(1...1_000) <= permille
    guard drawn, on[fault.rawValue], !isOver else { return false }
    counts[fault.rawValue] += 1
    return true
  }
}
