/// GPUs of a team's allocation that another team has until a day (한시 대여), by a contract of the
/// two: one offers, the other concludes, and whoever lends asks back with notice.
///
/// ```
///   offered ─▶ concluded ─(its last day, or given back)─▶ over ─(wiped, read back)─▶ back
///      └─────▶ withdrawn
/// ```
/// What is lent is an allocation of the borrower's award at the lender's cluster, and the lender's
/// own is smaller by it until it is back.
public struct Lending: Hashable, Sendable {
  public enum Standing: UInt8, Hashable, Sendable, CaseIterable {
    case offered, withdrawn, concluded
  }

  /// The lender's.
  public let lender: AllocationID
  /// The award of whoever borrows.
  public let award: AwardID
  public let gpus: Int64
  /// The first day that is out.
  public var to: Day
  /// Whole days between asking back and the first day that is out.
  public let noticeDays: Int64
  public let offerer: PersonID?
  public var standing: Standing
  /// The borrower's, once it is concluded.
  public var allocation: AllocationID?

  init(_ body: LendingOffered) {
    lender = body.lender
    award = body.award
    gpus = body.gpus
    to = body.to
    noticeDays = body.noticeDays
    offerer = body.offerer.value
    standing = .offered
    allocation = nil
  }
}

/// What a lending is offered by.
public struct LendingTerms: Hashable, Sendable {
  public let lender: AllocationID
  public let award: AwardID
  public let gpus: Int64
  public let to: Day
  public let noticeDays: Int64

  public init(
    lender: AllocationID, award: AwardID, gpus: Int64, to: Day, noticeDays: Int64
  ) {
    self.lender = lender
    self.award = award
    self.gpus = gpus
    self.to = to
    self.noticeDays = noticeDays
  }
}

/// A team offers another one GPUs of its own for a time. Nothing changes yet.
public struct LendingOffered: Hashable, Sendable {
  public let award: AwardID
  public let gpus: Int64
  public let lender: AllocationID
  public let lending: LendingID
  public let noticeDays: Int64
  public let offerer: Sealed<PersonID>
  public let to: Day

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("award", award)
    writer.field("gpus", gpus)
    writer.field("lender", lender)
    writer.field("lending", lending)
    writer.field("noticeDays", noticeDays)
    writer.sealed("offerer", .office, offerer)
    writer.field("to", to)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    award = try reader.field("award")
    gpus = try reader.field("gpus")
    lender = try reader.field("lender")
    lending = try reader.field("lending")
    noticeDays = try reader.field("noticeDays")
    offerer = try reader.sealed("offerer", .office)
    to = try reader.field("to")
  }

  init(_ lending: LendingID, _ terms: LendingTerms, offerer: PersonID) {
    self.lending = lending
    self.offerer = Sealed(offerer)
    award = terms.award
    gpus = terms.gpus
    lender = terms.lender
    noticeDays = terms.noticeDays
    to = terms.to
  }
}

/// The other team took the offer: what is lent is an allocation of its own from now on.
public struct LendingConcluded: Hashable, Sendable {
  public let allocation: AllocationID
  public let lending: LendingID
  public let taker: Sealed<PersonID>
  public let term: Term

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("lending", lending)
    writer.sealed("taker", .office, taker)
    writer.field("term", term)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    lending = try reader.field("lending")
    taker = try reader.sealed("taker", .office)
    term = try reader.field("term")
  }

  init(_ lending: LendingID, allocation: AllocationID, term: Term, taker: PersonID) {
    self.lending = lending
    self.allocation = allocation
    self.term = term
    self.taker = Sealed(taker)
  }
}

/// The lender asked back: another day is the first that is out, with the notice that was agreed.
public struct LendingRecalled: Hashable, Sendable {
  public let lending: LendingID
  public let to: Day

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("lending", lending)
    writer.field("to", to)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    lending = try reader.field("lending")
    to = try reader.field("to")
  }

  init(_ lending: LendingID, to: Day) {
    self.lending = lending
    self.to = to
  }
}

/// What was lent is over, by its day or given back before: work stops, and what it held comes back.
public struct LendingEnded: Hashable, Sendable {
  public let lending: LendingID
  public let on: Day
  /// As of an award that ended; nothing in version 1, where it is worked out when it is applied.
  public let readableTo: Day?

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("lending", lending)
    writer.field("on", on)
    writer.field("readableTo", readableTo)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    lending = try reader.field("lending")
    on = try reader.field("on")
    let readableTo: Day = try reader.field("readableTo")
    self.readableTo = readableTo
  }

  init(version1From reader: inout CanonicalReader) throws(Malformed) {
    lending = try reader.field("lending")
    on = try reader.field("on")
    readableTo = nil
  }

  init(_ lending: LendingID, on: Day, readableTo: Day) {
    self.lending = lending
    self.on = on
    self.readableTo = readableTo
  }
}
