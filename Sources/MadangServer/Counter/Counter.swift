public import MadangAccess
import MadangCrypto
public import MadangJournal
public import MadangProgramme
public import MadangViews

/// Where people and programs ask the office: what they may read, and what they may decide.
///
/// It knows nothing of HTTP. Who asks, and for what, was checked against the operation's
/// declaration before it comes here.
public final class Counter: Sendable {
  let journal: Journal
  let operations: Operations
  let writer: Writer
  public let access: AccessBook
  /// The programme's own clock: an exercise is played at a time of its own.
  let clock: @Sendable () -> Instant
  /// The exercise's accounts, shown where one signs in; empty for a real programme.
  let demo: [DemoAccount]
  /// Rule sets that pages try rounds under; nothing of it is recorded.
  let otherRules: [RuleSet]
  let today = TodayTally()
  let whatIfs = DerivedCache<WhatIfKey, WhatIf>()
  let comparisons = DerivedCache<RoundID, Comparison?>()

  public init(
    journal: Journal, operations: Operations, access: AccessBook, demo: [DemoAccount] = [],
    otherRules: [RuleSet] = [], clock: @escaping @Sendable () -> Instant
  ) {
    self.journal = journal
    self.operations = operations
    self.access = access
    self.demo = demo
    self.otherRules = otherRules
    self.clock = clock
    writer = Writer(journal)
  }

  /// The value that readers see: nobody waits for it.
  var programme: Programme { journal.programme }

  var now: Instant { max(clock(), journal.programme.now) }

  // MARK: Deciding

  /// What became of a command.
  struct Done: Sendable {
    let receipt: Receipt
    let programme: Programme
  }

  /// Gives the command of an operation. Answered when its events are on the disk.
  func decide(
    _ operation: Operation, _ values: Values, by caller: Caller, key: String?
  ) async throws -> Done {
    guard let person = caller.person else { throw HTTPRefusal.signInFirst }
    let command = try command(operation, values, programme)
    var received = now
    // An exercise's clock is moved by what says so.
    if case .advance(let to) = command { received = to }
    let envelope = Envelope(by: person, received: received, command: command)
    let digest = SHA256.hash(Array("\(operation.id) \(command)".utf8))
    var requestKey: RequestKey?
    if let key {
      guard let known = RequestKey(key, digest: digest) else { throw HTTPRefusal.badKey }
      requestKey = known
    }
    let reply = try await writer.submit(Request(envelope, key: requestKey))
    switch reply {
    case .accepted(let receipt): return Done(receipt: receipt, programme: programme)
    case .refused(let refusal): throw refusal
    }
  }
}

/// An account of an exercise, with its password for everybody to see.
public struct DemoAccount: Sendable {
  public let name: String
  public let password: String
  public let grants: [Grant]

  public init(name: String, password: String, grants: [Grant]) {
    self.name = name
    self.password = password
    self.grants = grants
  }
}
