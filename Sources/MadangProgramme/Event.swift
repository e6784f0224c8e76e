/// What happened. Applying events is the only way a programme changes.
///
/// Events are for ever: a case may be added, a stored event is never rewritten, and a body that
/// changed its shape gets a new version whose older ones are upcast when read (`Event.init`).
public enum Event: Hashable, Sendable {
  case founded(Charter)
  indirect case defined(Definition)
  case supplyStepped(LineID, SupplyStep)
  case unitsRegistered(LineID, AssetUnits)
  case maintenanceScheduled(LineID, Maintenance)
  case organisationRegistered(OrganisationID, Organisation)
  case applicationSubmitted(ApplicationReceived)
  case applicationRevised(ApplicationReceived)
  case applicationWithdrawn(ApplicationID)
  case eligibilityJudged(EligibilityJudged)
  case conflictDeclared(ConflictDeclared)
  case reviewRecorded(ReviewRecorded)
  case reviewRevised(ReviewRecorded)
  indirect case roundDrafted(RoundDrafted)
  case draftReturned(RoundID)
  case roundApproved(RoundApproved)
  indirect case roundPublished(RoundPublished)
  indirect case applicationSelected(ApplicationSelected)
  case outcomeNotified(OutcomeNotified)
  indirect case resultReported(RoundID, PublishedResult)
  case contractConcluded(ContractConcluded)
  case contractDeclined(ApplicationID)
  case offerLapsed(ApplicationID)
  case awardGranted(AwardGranted)
  case timeAdvanced(Instant)
  case awardEnded(AwardEnded)
  case memberAdded(MemberChanged)
  case memberRemoved(MemberChanged)
  indirect case amendmentDrafted(AmendmentDrafted)
  case amendmentReturned(AmendmentID)
  case amendmentApproved(AmendmentApproved)
  case allocationMade(AllocationMade)
  case allocationReturned(AllocationReturned)
  case allocationDeparted(AllocationDeparted)
  case wipeOrdered(WipeOrdered)
  case departureReturned(DepartureReturned)
  case lendingOffered(LendingOffered)
  case lendingWithdrawn(LendingID)
  case lendingConcluded(LendingConcluded)
  case lendingRecalled(LendingRecalled)
  case lendingEnded(LendingEnded)
  case handoverConfirmed(HandoverConfirmed)
  case bindingEnforced(BindingEnforced)
  case bindingDrifted(BindingDrifted)
  case clockStarted(ClockStarted)
  indirect case agentEnrolled(AgentEnrolled)
  case agentRevoked(AgentID)
  indirect case statementSealed(StatementSealed)
  indirect case settled(Settled)

  /// The event's type in the journal: for ever.
  public var type: String {
    switch self {
    case .founded: "programmeFounded"
    case .defined(let definition): "\(definition.type)"
    case .supplyStepped: "supplyStepped"
    case .unitsRegistered: "unitsRegistered"
    case .maintenanceScheduled: "maintenanceScheduled"
    case .organisationRegistered: "organisationRegistered"
    case .applicationSubmitted: "applicationSubmitted"
    case .applicationRevised: "applicationRevised"
    case .applicationWithdrawn: "applicationWithdrawn"
    case .eligibilityJudged: "eligibilityJudged"
    case .conflictDeclared: "conflictDeclared"
    case .reviewRecorded: "reviewRecorded"
    case .reviewRevised: "reviewRevised"
    case .roundDrafted: "roundDrafted"
    case .draftReturned: "draftReturned"
    case .roundApproved: "roundApproved"
    case .roundPublished: "roundPublished"
    case .applicationSelected: "applicationSelected"
    case .outcomeNotified: "outcomeNotified"
    case .resultReported: "resultReported"
    case .contractConcluded: "contractConcluded"
    case .contractDeclined: "contractDeclined"
    case .offerLapsed: "offerLapsed"
    case .awardGranted: "awardGranted"
    case .timeAdvanced: "timeAdvanced"
    case .awardEnded: "awardEnded"
    case .memberAdded: "memberAdded"
    case .memberRemoved: "memberRemoved"
    case .amendmentDrafted: "amendmentDrafted"
    case .amendmentReturned: "amendmentReturned"
    case .amendmentApproved: "amendmentApproved"
    case .allocationMade: "allocationMade"
    case .allocationReturned: "allocationReturned"
    case .allocationDeparted: "allocationDeparted"
    case .wipeOrdered: "wipeOrdered"
    case .departureReturned: "departureReturned"
    case .lendingOffered: "lendingOffered"
    case .lendingWithdrawn: "lendingWithdrawn"
    case .lendingConcluded: "lendingConcluded"
    case .lendingRecalled: "lendingRecalled"
    case .lendingEnded: "lendingEnded"
    case .handoverConfirmed: "handoverConfirmed"
    case .bindingEnforced: "bindingEnforced"
    case .bindingDrifted: "bindingDrifted"
    case .clockStarted: "clockStarted"
    case .agentEnrolled: "agentEnrolled"
    case .agentRevoked: "agentRevoked"
    case .statementSealed: "statementSealed"
    case .settled: "settled"
    }
  }

  /// The version of this type's body that is written today.
  public var version: Int64 {
    switch self {
    // Version 2 added the programme's ledger algorithms; version 1 meant sha256 and ed25519.
    case .founded: 2
    // Version 2 added how many GPUs were found in the team's hands.
    case .bindingDrifted: 2
    // Version 2 added the settlement that it amends, and what the whole month comes to.
    case .settled: 2
    // Version 2 sealed what is drafted, and says it when it is approved.
    case .amendmentDrafted, .amendmentApproved: 2
    // Version 2 said when an hour ends: it is one of the programme, not of UTC.
    case .statementSealed: 2
    // Version 2 says until when what is left can be read, and what an award is owed at its end.
    case .awardEnded, .lendingEnded: 2
    // Version 2 says on which day, and for how many days of reading, it was decided.
    case .roundDrafted, .roundPublished: 2
    // Version 2 is nobody's but the office's, and who gave it the auditor's, as the reviewer is.
    case .reviewRecorded, .reviewRevised, .conflictDeclared: 2
    // Version 2 says to what budgets are cut with the term.
    case .clockStarted: 2
    default: 1
    }
  }
}

/// What stands in every leaf beside the body.
public struct Header: Hashable, Sendable {
  /// The leaf's index in the tree, from 0.
  public let number: Int64
  /// Programme time: never goes back.
  public let at: Instant
  /// When the server received the command: judges deadlines.
  public let received: Instant
  /// Who gave the command: the office's to know, and where that is the reviewer, the auditor's.
  public let by: Sealed<PersonID>

  public init(number: Int64, at: Instant, received: Instant, by: PersonID) {
    self.number = number
    self.at = at
    self.received = received
    self.by = Sealed(by)
  }

  fileprivate init(number: Int64, at: Instant, received: Instant, by: Sealed<PersonID>) {
    self.number = number
    self.at = at
    self.received = received
    self.by = by
  }
}

/// An event as it stands in the journal.
///
/// ```
/// {"at":…,"body":{…},"by":{"class":"office","commitment":"…"},"number":…,"received":…,
///  "type":"…","v":…}
/// ```
public struct Leaf: Hashable, Sendable {
  public let header: Header
  public let event: Event

  public init(header: Header, event: Event) {
    self.header = header
    self.event = event
  }

  /// The leaf's bytes and the openings of its sealed fields.
  public func encoded(
    seal: @escaping (_ value: [UInt8]) -> Seal
  ) -> (bytes: [UInt8], openings: [Opening]) {
    var writer = CanonicalWriter(seal: seal)
    writer.object { inner in
      inner.field("at", header.at)
      inner.body { event.writeBody(to: &$0) }
      inner.sealed("by", Event.principalClass(event.type, event.version), header.by)
      inner.field("number", header.number)
      inner.field("received", header.received)
      inner.field("type", Text(assumingValid: event.type))
      inner.field("v", event.version)
    }
    return (writer.bytes, writer.openings)
  }

  /// Reads a leaf back with the openings that are left.
  ///
  /// The type stands behind the body (keys ascend), so the reader first skips to it.
  public init(bytes: [UInt8], openings: [Opening]) throws(Malformed) {
    var reader = CanonicalReader(bytes, openings: openings)
    try reader.openObject()
    let at: Instant = try reader.field("at")
    let bodyStart = try reader.skipBody()
    let (by, disclosure) = try reader.principal()
    let number: Int64 = try reader.field("number")
    let received: Instant = try reader.field("received")
    let type: Text = try reader.field("type")
    let version: Int64 = try reader.field("v")
    try reader.closeObject()
    try reader.end()
    guard disclosure == Event.principalClass(type.value, version) else {
      throw reader.malformed("the class of who gave \(type)")
    }
    header = Header(number: number, at: at, received: received, by: by)
    event = try reader.body(at: bodyStart) { (inner) throws(Malformed) in
      try Event(type: type.value, version: version, from: &inner)
    }
  }
}

extension Event {
  /// Who may know who gave a command: whoever reviews is known to the auditor alone, and stands in
  /// no field beside that for others.
  static func principalClass(_ type: String, _ version: Int64) -> SealedClass {
    switch type {
    case "reviewRecorded", "reviewRevised", "conflictDeclared": version == 1 ? .office : .sealed
    default: .office
    }
  }

  func writeBody(to writer: inout CanonicalWriter) {
    switch self {
    case .founded(let charter): charter.writeFields(to: &writer)
    case .defined(let definition): definition.writeBody(to: &writer)
    case .supplyStepped(let line, let step): Event.write(line, step, to: &writer)
    case .unitsRegistered(let line, let units): Event.write(line, units, to: &writer)
    case .maintenanceScheduled(let line, let window): Event.write(line, window, to: &writer)
    case .organisationRegistered(let id, let organisation):
      writer.field("id", id)
      writer.field("is", organisation)
    case .applicationSubmitted(let body), .applicationRevised(let body):
      body.writeBody(to: &writer)
    case .applicationWithdrawn(let id), .contractDeclined(let id), .offerLapsed(let id):
      writer.field("application", id)
    case .eligibilityJudged(let body): body.writeBody(to: &writer)
    case .conflictDeclared(let body): body.writeBody(to: &writer)
    case .reviewRecorded(let body), .reviewRevised(let body): body.writeBody(to: &writer)
    case .roundDrafted(let body): body.writeBody(to: &writer)
    case .draftReturned(let round): writer.field("round", round)
    case .roundApproved(let body): body.writeBody(to: &writer)
    case .roundPublished(let body): body.writeBody(to: &writer)
    case .applicationSelected(let body): body.writeBody(to: &writer)
    case .outcomeNotified(let body): body.writeBody(to: &writer)
    case .resultReported(let round, let result):
      writer.field("result", result)
      writer.field("round", round)
    case .contractConcluded(let body): body.writeBody(to: &writer)
    case .awardGranted(let body): body.writeBody(to: &writer)
    case .timeAdvanced(let to): writer.field("to", to)
    case .awardEnded, .memberAdded, .memberRemoved, .amendmentDrafted, .amendmentReturned,
      .amendmentApproved, .allocationMade, .allocationReturned, .allocationDeparted, .wipeOrdered,
      .departureReturned, .lendingOffered, .lendingWithdrawn, .lendingConcluded,
      .lendingRecalled, .lendingEnded, .handoverConfirmed, .bindingEnforced, .bindingDrifted,
      .clockStarted,
      .agentEnrolled, .agentRevoked:
      writeAllocationBody(to: &writer)
    case .statementSealed(let body): body.writeBody(to: &writer)
    case .settled(let body): body.writeBody(to: &writer)
    }
  }

  private static func write(
    _ line: LineID, _ record: some Canonical, to writer: inout CanonicalWriter
  ) {
    writer.field("is", record)
    writer.field("line", line)
  }

  /// Reads a body of any version that was ever written.
  init(type: String, version: Int64, from reader: inout CanonicalReader) throws(Malformed) {
    if let event = try Event(versioned: type, version, from: &reader) {
      self = event
      return
    }
    guard version == 1 else {
      throw reader.malformed("version 1 of \(type), found \(version): written by a newer Madang")
    }
    if let event = try Event(call: type, from: &reader) {
      self = event
    } else if let event = try Event(supply: type, from: &reader) {
      self = event
    } else if let event = try Event(allocation: type, from: &reader) {
      self = event
    } else if let event = try Event(usage: type, from: &reader) {
      self = event
    } else if let definition = try Definition(type: type, from: &reader) {
      self = .defined(definition)
    } else {
      throw reader.malformed("a type this Madang knows, found \(type): written by a newer Madang")
    }
  }

  /// Types that have more than one version: each that was ever written, upcast to today's.
  private init?(
    versioned type: String, _ version: Int64, from reader: inout CanonicalReader
  ) throws(Malformed) {
    switch (type, version) {
    case ("programmeFounded", 1): self = .founded(try Charter(version1From: &reader))
    case ("programmeFounded", 2): self = .founded(try Charter(fieldsFrom: &reader))
    case ("bindingDrifted", 1): self = .bindingDrifted(try .init(version1From: &reader))
    case ("bindingDrifted", 2): self = .bindingDrifted(try .init(from: &reader))
    case ("settled", 1): self = .settled(try .init(version1From: &reader))
    case ("settled", 2): self = .settled(try .init(from: &reader))
    case ("amendmentDrafted", 1): self = .amendmentDrafted(try .init(version1From: &reader))
    case ("amendmentDrafted", 2): self = .amendmentDrafted(try .init(from: &reader))
    case ("amendmentApproved", 1): self = .amendmentApproved(try .init(version1From: &reader))
    case ("amendmentApproved", 2): self = .amendmentApproved(try .init(from: &reader))
    case ("statementSealed", 1): self = .statementSealed(try .init(version1From: &reader))
    case ("statementSealed", 2): self = .statementSealed(try .init(from: &reader))
    case ("awardEnded", 1): self = .awardEnded(try .init(version1From: &reader))
    case ("awardEnded", 2): self = .awardEnded(try .init(from: &reader))
    case ("clockStarted", 1): self = .clockStarted(try .init(version1From: &reader))
    case ("clockStarted", 2): self = .clockStarted(try .init(from: &reader))
    case ("lendingEnded", 1): self = .lendingEnded(try .init(version1From: &reader))
    case ("lendingEnded", 2): self = .lendingEnded(try .init(from: &reader))
    default:
      if let event = try Event(versionedCall: type, version, from: &reader) {
        self = event
        return
      }
      guard Event.versioned.contains(type) else { return nil }
      throw reader.malformed("a version this Madang knows of \(type), found \(version)")
    }
  }

  private static let versioned: Set = [
    "programmeFounded", "bindingDrifted", "settled", "amendmentDrafted", "amendmentApproved",
    "awardEnded", "lendingEnded", "roundDrafted", "roundPublished", "reviewRecorded",
    "reviewRevised", "conflictDeclared", "clockStarted", "statementSealed",
  ]

  private init?(
    versionedCall type: String, _ version: Int64, from reader: inout CanonicalReader
  ) throws(Malformed) {
    switch (type, version) {
    case ("roundDrafted", 1): self = .roundDrafted(try .init(version1From: &reader))
    case ("roundDrafted", 2): self = .roundDrafted(try .init(from: &reader))
    case ("roundPublished", 1): self = .roundPublished(try .init(version1From: &reader))
    case ("roundPublished", 2): self = .roundPublished(try .init(from: &reader))
    case ("reviewRecorded", 1): self = .reviewRecorded(try .init(version1From: &reader))
    case ("reviewRecorded", 2): self = .reviewRecorded(try .init(from: &reader))
    case ("reviewRevised", 1): self = .reviewRevised(try .init(version1From: &reader))
    case ("reviewRevised", 2): self = .reviewRevised(try .init(from: &reader))
    // What changed is who may read who gave it, beside the body.
    case ("conflictDeclared", 1...2): self = .conflictDeclared(try .init(from: &reader))
    default: return nil
    }
  }

  private init?(supply type: String, from reader: inout CanonicalReader) throws(Malformed) {
    switch type {
    case "supplyStepped":
      let step: SupplyStep = try reader.field("is")
      self = .supplyStepped(try reader.field("line"), step)
    case "unitsRegistered":
      let units: AssetUnits = try reader.field("is")
      self = .unitsRegistered(try reader.field("line"), units)
    case "maintenanceScheduled":
      let window: Maintenance = try reader.field("is")
      self = .maintenanceScheduled(try reader.field("line"), window)
    case "organisationRegistered":
      let id: OrganisationID = try reader.field("id")
      self = .organisationRegistered(id, try reader.field("is"))
    case "timeAdvanced": self = .timeAdvanced(try reader.field("to"))
    default: return nil
    }
  }

  private init?(call type: String, from reader: inout CanonicalReader) throws(Malformed) {
    switch type {
    case "applicationSubmitted": self = .applicationSubmitted(try .init(from: &reader))
    case "applicationRevised": self = .applicationRevised(try .init(from: &reader))
    case "applicationWithdrawn": self = .applicationWithdrawn(try reader.field("application"))
    case "eligibilityJudged": self = .eligibilityJudged(try .init(from: &reader))
    case "draftReturned": self = .draftReturned(try reader.field("round"))
    case "roundApproved": self = .roundApproved(try .init(from: &reader))
    case "applicationSelected": self = .applicationSelected(try .init(from: &reader))
    case "outcomeNotified": self = .outcomeNotified(try .init(from: &reader))
    case "resultReported":
      let result: PublishedResult = try reader.field("result")
      self = .resultReported(try reader.field("round"), result)
    case "contractConcluded": self = .contractConcluded(try .init(from: &reader))
    case "contractDeclined": self = .contractDeclined(try reader.field("application"))
    case "offerLapsed": self = .offerLapsed(try reader.field("application"))
    case "awardGranted": self = .awardGranted(try .init(from: &reader))
    default: return nil
    }
  }

  private init?(usage type: String, from reader: inout CanonicalReader) throws(Malformed) {
    switch type {
    default: return nil
    }
  }
}
