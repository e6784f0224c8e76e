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
  /// Of the office's own work beside this one, where there is one.
  let pulse: YardPulse?
  /// Rule sets that pages try rounds under; nothing of it is recorded.
  let otherRules: [RuleSet]
  let today = TodayTally()
  let whatIfs = DerivedCache<WhatIfKey, WhatIf>()
  let comparisons = DerivedCache<RoundID, Comparison?>()
  /// When this process began: another one may be another build, with other options.
  let begun = YardClock.machine

  public init(
    journal: Journal, operations: Operations, access: AccessBook, demo: [DemoAccount] = [],
    otherRules: [RuleSet] = [], pulse: YardPulse? = nil, clock: @escaping @Sendable () -> Instant
  ) {
    self.journal = journal
    self.operations = operations
    self.access = access
    self.demo = demo
    self.otherRules = otherRules
    self.pulse = pulse
    self.clock = clock
    writer = Writer(journal)
  }

  /// The value that readers see: nobody waits for it.
  var programme: Programme { journal.programme }

  var now: Instant { now(of: programme) }

  /// The moment that counts as now to an answer made from this value.
  func now(of programme: Programme) -> Instant { max(clock(), programme.now) }

  // MARK: Deciding

  /// Gives the commands of an operation: all or none. Answered when their events are on the disk.
  func decide(
    _ operation: MadangViews.Operation, _ values: Values, by caller: Caller, key: String?,
    in language: Language, bearing token: String? = nil
  ) async throws -> Answer {
    if operation.id == MadangViews.Operation.revokingToken.id {
      return try revokeToken(values, by: caller, bearing: token)
    }
    guard let by = caller.person else { throw HTTPRefusal.signInFirst }
    if caller.claimsAcceptance(operation, values) { throw HTTPRefusal.notYoursToAccept }
    let now = now
    let giving = Giving(
      programme, at: now, person: { try self.person(of: $0) },
      member: { try self.member($0, of: $1) })
    let commands: [Command]
    do {
      commands = try giving.commands(operation, values)
    } catch let refusal as HTTPRefusal {
      throw refusal.isOfFields ? HTTPRefusal.together(refusal) : refusal
    }
    for command in commands {
      if let refusal = caller.interest(in: command, programme) { throw refusal }
    }
    let requests = try commands.enumerated().map { index, command in
      // An exercise's clock is moved by what says so.
      var received = now
      if case .advance(let to) = command { received = to }
      return Request(
        Envelope(by: by, received: received, command: command),
        key: try key.map { try Counter.key($0, index, operation.request(values)) })
    }
    let receipts = try await submit(requests)
    return programme.answer(operation, values, Decided(receipts), language)
  }

  /// Runs what decides an operation. Where that is refused, and the very same was done before under
  /// its key, what it became then is the answer: names may mean nothing any more just because it
  /// was done, and whoever did it may have no right left to.
  func once(
    _ operation: MadangViews.Operation, _ values: Values, by caller: Caller, key: String?,
    in language: Language, _ decide: () async throws -> Answer
  ) async throws -> Answer {
    do {
      return try await decide()
    } catch let refusal as any Refusing {
      guard let done = try done(operation, values, by: caller, key: key) else { throw refusal }
      return programme.answer(operation, values, done, language)
    }
  }

  /// What the same request became, all of it; nothing where it was never done.
  private func done(
    _ operation: MadangViews.Operation, _ values: Values, by caller: Caller, key: String?
  ) throws -> Decided? {
    guard let key, let by = caller.person else { return nil }
    var receipts: [Receipt] = []
    for index in 0..<operation.commandCount(values) {
      guard let name = try? Counter.key(key, index, operation.request(values)),
        case .accepted(let receipt)? = try journal.ledger.reply(to: name, by: by)
      else { return nil }
      receipts.append(receipt)
    }
    return Decided(receipts)
  }

  private func submit(_ requests: [Request]) async throws -> [Receipt] {
    let replies: [Reply] =
      if requests.count == 1, let request = requests.first {
        [try await writer.submit(request)]
      } else {
        try journal.submit(requests, atomic: true)
      }
    var refusals: [SubmissionRefusal] = []
    var receipts: [Receipt] = []
    for reply in replies {
      switch reply {
      case .accepted(let receipt): receipts.append(receipt)
      case .refused(let refusal): refusals.append(refusal)
      }
    }
    // Of a batch the one that was refused says why; the others say that they were not done.
    let reason = refusals.first { if case .anotherRefused = $0 { false } else { true } }
    if let refusal = reason ?? refusals.first { throw refusal }
    return receipts
  }

  /// `request` is what was asked, not what it comes to: that may be another thing a moment later.
  private static func key(
    _ name: String, _ index: Int, _ request: String
  ) throws(HTTPRefusal) -> RequestKey {
    let digest = SHA256.hash(Array("\(index) \(request)".utf8))
    guard name.utf8.count <= 48,
      let key = RequestKey(index == 0 ? name : "\(name)#\(index)", digest: digest)
    else { throw .badKey }
    return key
  }

  /// Whom an account's name means; nobody who may not sign in any more.
  private func person(of name: String) throws -> PersonID {
    guard let account = try access.accounts().first(where: { $0.name == name && !$0.disabled })
    else { throw HTTPRefusal.unknown(field: "name", value: name) }
    return account.person
  }

  /// The member of an award that is called so, in the list of its members or when signing in. Who
  /// may not sign in any more can still be removed; and whoever is no member, there or not, is
  /// nothing but no member.
  private func member(_ name: String, of award: AwardID) throws -> PersonID {
    let programme = programme
    let account = try access.accounts().first { $0.name == name }
    for id in programme.members.ids where programme.members[id].award == award {
      guard let person = programme.members[id].person else { continue }
      if person == account?.person { return person }
      if try journal.ledger.label(of: person) == name { return person }
    }
    throw Refusal.allocations(.notAMember(award))
  }
}

extension Decided {
  fileprivate init(_ receipts: [Receipt]) {
    self.init(
      numbers: receipts.flatMap { Array($0.numbers) }, events: receipts.flatMap(\.events),
      replayed: receipts.allSatisfy(\.replayed))
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
