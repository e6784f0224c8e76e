/// What a contract entitles a team to: GPUs of a line for a term.
///
/// The clock has not started: it starts when the team can use them, by read-back.
public struct AwardGranted: Hashable, Sendable {
  public let award: AwardID
  public let contract: ContractID
  public let application: ApplicationID
  public let organisation: OrganisationID
  public let pool: PoolID
  public let line: LineID
  public let gpus: Int64
  public let term: Term

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("application", application)
    writer.field("award", award)
    writer.field("contract", contract)
    writer.field("gpus", gpus)
    writer.field("line", line)
    writer.field("organisation", organisation)
    writer.field("pool", pool)
    writer.field("term", term)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    application = try reader.field("application")
    award = try reader.field("award")
    contract = try reader.field("contract")
    gpus = try reader.field("gpus")
    line = try reader.field("line")
    organisation = try reader.field("organisation")
    pool = try reader.field("pool")
    term = try reader.field("term")
  }

  init(award: AwardID, contract: ContractID, offer: Offer) {
    self.award = award
    self.contract = contract
    application = offer.application
    organisation = offer.organisation
    pool = offer.pool
    line = offer.line
    gpus = offer.gpus
    term = offer.term
  }
}

/// An award is over: its allocations end, and what they held comes back.
public struct AwardEnded: Hashable, Sendable {
  public let award: AwardID
  public let on: Day
  /// Days of its term that were lost before it worked, and not given back. Nothing in version 1, as
  /// the next: there both are worked out when it is applied.
  public let owedDays: Int64?
  /// The first day on which the team may read no more what it left: that on which it ended, where
  /// nothing is kept.
  public let readableTo: Day?

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("award", award)
    writer.field("on", on)
    writer.field("owedDays", owedDays)
    writer.field("readableTo", readableTo)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    award = try reader.field("award")
    on = try reader.field("on")
    let owedDays: Int64 = try reader.field("owedDays")
    let readableTo: Day = try reader.field("readableTo")
    self.owedDays = owedDays
    self.readableTo = readableTo
  }

  init(version1From reader: inout CanonicalReader) throws(Malformed) {
    award = try reader.field("award")
    on = try reader.field("on")
    owedDays = nil
    readableTo = nil
  }

  init(award: AwardID, on: Day, owedDays: Int64, readableTo: Day) {
    self.award = award
    self.on = on
    self.owedDays = owedDays
    self.readableTo = readableTo
  }
}

public struct Award: Sendable {
  public let contract: ContractID
  public let application: ApplicationID
  public let organisation: OrganisationID
  public let pool: PoolID
  public let line: LineID
  public var gpus: Int64
  public var term: Term
  /// GPU time of its term that was over before GPUs were added: of those it has only the rest.
  public var missed = GPUSeconds.zero
  /// The first day of use; nothing before.
  public var clock: Day?
  /// Days of delay that could not be given back.
  public var owedDays: Int64 = 0
  /// The day it ended, at its term's end or before.
  public var ended: Day?
  /// The day from which all that it held is free again.
  public var returnedOn: Day?
  /// The team's work is stopped: its allocations are, and it gets none that would not be.
  public var suspended = false
  /// While it had not worked yet: since when it is suspended, and days that it was before.
  var suspendedSince: Day?
  var suspendedDays: Int64 = 0

  /// Days of its term for which it was suspended before it worked, until a day.
  func suspendedDays(to day: Day) -> Int {
    let open = suspendedSince.map { max(0, max($0, term.from).distance(to: day)) } ?? 0
    return Int(suspendedDays) + open
  }
}
