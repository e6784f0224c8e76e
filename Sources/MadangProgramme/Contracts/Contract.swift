/// The contract with a selected team (협약): until it is concluded, the selection is an offer.
public struct ContractConcluded: Hashable, Sendable {
  public let application: ApplicationID
  public let contract: ContractID
  public let on: Day

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("application", application)
    writer.field("contract", contract)
    writer.field("on", on)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    application = try reader.field("application")
    contract = try reader.field("contract")
    on = try reader.field("on")
  }

  init(application: ApplicationID, contract: ContractID, on: Day) {
    self.application = application
    self.contract = contract
    self.on = on
  }
}

public struct Contract: Sendable {
  public let application: ApplicationID
  public let on: Day
}

/// An offer to a selected application: GPUs of a line, held for it until it concludes the contract,
/// declines, or lets the day pass. One row per application that was ever selected.
public struct Offer: Sendable {
  public enum Standing: UInt8, Sendable {
    case open, concluded, declined, lapsed
  }

  public let application: ApplicationID
  public let round: RoundID
  public let organisation: OrganisationID
  public let pool: PoolID
  public let line: LineID
  public let gpus: Int64
  public let term: Term
  public let rank: Int32
  public let pass: Int32
  public let acceptBy: Day
  public var standing: Standing
  /// What it became.
  public var award: AwardID?

  /// Whether its GPUs are spoken for: never-over-award counts these.
  public var holdsCapacity: Bool { standing == .open || standing == .concluded }
}
