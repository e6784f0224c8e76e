/// What an identifier identifies. One line per kind: the registry is append-only, so that
/// `award-1042` means the same thing for ever.
public protocol IdentifierKind: Sendable {
  /// The word before the number in the outside form: `award` in `award-1042`.
  static var name: StaticString { get }
}

/// A dense integer that the writer assigned, typed by what it identifies.
///
/// Inside a stage it indexes a table directly; outside it is written `kind-number`.
/// Numbers start at 1: the first award is `award-1`, and row 0 of the table.
public struct Identifier<Kind: IdentifierKind>: Hashable, Comparable, Sendable {
  /// The number shown outside, from 1.
  public let number: Int32

  public init(_ number: Int) {
    precondition(number > 0 && number <= Limits.identifierMax, "identifier out of range")
    self.number = Int32(number)
  }

  /// The identifier of a table's row.
  @inlinable init(row: Int) { self.init(row + 1) }

  /// The row in the table that holds it.
  @inlinable var row: Int { Int(number) - 1 }

  public static func < (a: Self, b: Self) -> Bool { a.number < b.number }
}

extension Identifier: CustomStringConvertible {
  public var description: String { "\(Kind.name)-\(number)" }

  /// Reads the outside form, `award-1042`, or nothing if `text` is anything else.
  public init?(_ text: String) {
    let prefix = "\(Kind.name)-"
    guard text.hasPrefix(prefix) else { return nil }
    let digits = text.dropFirst(prefix.count)
    guard digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), digits.first != "0",
      let number = Int(digits), number <= Limits.identifierMax
    else { return nil }
    self.init(number)
  }
}

extension Identifier: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.integer(Int64(number)) }

  public init(from reader: inout CanonicalReader) throws(Malformed) {
    let number = try reader.integer()
    guard number > 0, number <= Limits.identifierMax else { throw reader.malformed("identifier") }
    self.init(Int(number))
  }
}

public enum SourceKind: IdentifierKind { public static var name: StaticString { "source" } }
public enum PartyKind: IdentifierKind { public static var name: StaticString { "party" } }
public enum AgreementKind: IdentifierKind { public static var name: StaticString { "agreement" } }
public enum CommitmentKind: IdentifierKind { public static var name: StaticString { "commitment" } }
public enum DeviceModelKind: IdentifierKind { public static var name: StaticString { "model" } }
public enum SiteKind: IdentifierKind { public static var name: StaticString { "site" } }
public enum ClusterKind: IdentifierKind { public static var name: StaticString { "cluster" } }
public enum TrancheKind: IdentifierKind { public static var name: StaticString { "tranche" } }
public enum LineKind: IdentifierKind { public static var name: StaticString { "line" } }
public enum PoolKind: IdentifierKind { public static var name: StaticString { "pool" } }
public enum PriceKind: IdentifierKind { public static var name: StaticString { "price" } }
public enum ChargeKind: IdentifierKind { public static var name: StaticString { "charge" } }
public enum CallKind: IdentifierKind { public static var name: StaticString { "call" } }
public enum TrackKind: IdentifierKind { public static var name: StaticString { "track" } }
public enum RoundKind: IdentifierKind { public static var name: StaticString { "round" } }
public enum OrganisationKind: IdentifierKind {
  public static var name: StaticString { "organisation" }
}
public enum ApplicationKind: IdentifierKind {
  public static var name: StaticString { "application" }
}
public enum ReviewKind: IdentifierKind { public static var name: StaticString { "review" } }
public enum OfferKind: IdentifierKind { public static var name: StaticString { "offer" } }
public enum ContractKind: IdentifierKind { public static var name: StaticString { "contract" } }
public enum AwardKind: IdentifierKind { public static var name: StaticString { "award" } }
public enum AllocationKind: IdentifierKind {
  public static var name: StaticString { "allocation" }
}
public enum AmendmentKind: IdentifierKind { public static var name: StaticString { "amendment" } }
public enum MemberKind: IdentifierKind { public static var name: StaticString { "member" } }
public enum AgentKind: IdentifierKind { public static var name: StaticString { "agent" } }
public enum SettlementKind: IdentifierKind {
  public static var name: StaticString { "settlement" }
}
public enum DepartureKind: IdentifierKind { public static var name: StaticString { "departure" } }
public enum LendingKind: IdentifierKind { public static var name: StaticString { "lending" } }

public typealias SourceID = Identifier<SourceKind>
public typealias PartyID = Identifier<PartyKind>
public typealias AgreementID = Identifier<AgreementKind>
public typealias CommitmentID = Identifier<CommitmentKind>
public typealias DeviceModelID = Identifier<DeviceModelKind>
public typealias SiteID = Identifier<SiteKind>
public typealias ClusterID = Identifier<ClusterKind>
public typealias TrancheID = Identifier<TrancheKind>
public typealias LineID = Identifier<LineKind>
public typealias PoolID = Identifier<PoolKind>
public typealias PriceID = Identifier<PriceKind>
public typealias ChargeID = Identifier<ChargeKind>
public typealias CallID = Identifier<CallKind>
public typealias TrackID = Identifier<TrackKind>
public typealias RoundID = Identifier<RoundKind>
public typealias OrganisationID = Identifier<OrganisationKind>
public typealias ApplicationID = Identifier<ApplicationKind>
public typealias ReviewID = Identifier<ReviewKind>
public typealias OfferID = Identifier<OfferKind>
public typealias ContractID = Identifier<ContractKind>
public typealias AwardID = Identifier<AwardKind>
public typealias AllocationID = Identifier<AllocationKind>
public typealias AmendmentID = Identifier<AmendmentKind>
public typealias MemberID = Identifier<MemberKind>
public typealias AgentID = Identifier<AgentKind>
public typealias SettlementID = Identifier<SettlementKind>
public typealias DepartureID = Identifier<DepartureKind>
public typealias LendingID = Identifier<LendingKind>

/// A person, as an opaque random number that the shell drew.
///
/// People are not numbered densely: a running number would tell who came when. The name behind it
/// lives outside the journal and can be erased.
public struct PersonID: Hashable, Comparable, Sendable {
  /// 1 ... 2⁵³ − 1, so that every JSON reader keeps it exact.
  public let number: Int64

  public init?(_ number: Int64) {
    guard number > 0, number <= Limits.integerMax else { return nil }
    self.number = number
  }

  public static func < (a: Self, b: Self) -> Bool { a.number < b.number }
}

extension PersonID: CustomStringConvertible {
  public var description: String { "person-\(number)" }
}

extension PersonID: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.integer(number) }

  public init(from reader: inout CanonicalReader) throws(Malformed) {
    guard let person = PersonID(try reader.integer()) else { throw reader.malformed("person") }
    self = person
  }
}
