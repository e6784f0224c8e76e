public import MadangProgramme

/// Where a remote agent's messages come in, whatever carries them. Answers are what is on the disk.
///
/// A report comes in two steps, so that whoever counts what an agent may ask for counts what is
/// proved to be its own: else anybody could use up another's share.
public protocol AgentDoor: Sendable {
  /// What an agent says: its signature is over exactly these bytes, and its key speaks for it.
  func proved(
    _ agent: AgentID, body: [UInt8], signature: [UInt8]
  ) async -> Result<AgentReport, AgentRefusal>

  /// Takes a report that was proved to be this agent's.
  func take(
    _ report: AgentReport, of agent: AgentID, at: Instant
  ) async -> Result<AgentReply, AgentRefusal>

  /// Lets a new key speak for a cluster: once for each token that the office gave out.
  func enrol(_ enrolment: AgentEnrolment, at: Instant) async -> Result<AgentID, AgentRefusal>
}
