/// What may go wrong in a run. Swarm: each run draws which of these it has at all, so that one kind
/// never hides what another would show.
enum Fault: Int, CaseIterable {
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
  case usageAgain, deviceDown
  // People.
  case commandTwice, commandInvalid
}

/// Which faults a run has, and how many of each happened.
struct Faults {
  private var on: [Bool]
  private(set) var counts = Array(repeating: 0, count: Fault.allCases.count)
  /// At the end of a run faults stop, and everything has to settle.
  private(set) var isOver = false

  init(_ random: inout Random) {
    on = Fault.allCases.map { _ in random.chance(50) }
  }

  mutating func stop() { isOver = true }

  /// Whether a fault happens now, if the run has it: `permille` of a thousand times.
  mutating func happens(_ fault: Fault, _ permille: Int, _ random: inout Random) -> Bool {
    // Drawn in any case, so that a fault which is off moves no other.
    let drawn = random.draw(1...1_000) <= permille
    guard drawn, on[fault.rawValue], !isOver else { return false }
    counts[fault.rawValue] += 1
    return true
  }
}
