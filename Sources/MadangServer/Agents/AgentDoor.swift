public import MadangProgramme

/// Where a remote agent's messages come in, whatever carries them. Answers are what is on the disk.
public protocol AgentDoor: Sendable {
  /// A report with the agent's signature over exactly these bytes.
  func exchange(
    agent: AgentID, body: [UInt8], signature: [UInt8], at: Instant
  ) async -> Result<AgentReply, AgentRefusal>

  /// Lets a new key speak for a cluster: once for each token that the office gave out.
  func enrol(_ enrolment: AgentEnrolment, at: Instant) async -> Result<AgentID, AgentRefusal>
}
