/// A change of an award or of its allocations (협약변경): drafted by one person, approved by another.
public enum AmendmentChange: Hashable, Sendable {
  /// 기간연장: to a later first day that is out.
  case `extension`(to: Day)
  /// 추가배정: so many GPUs more.
  case supplement(gpus: Int64)
  /// 이관: to another cluster of the same device model.
  case transfer(AllocationID, to: ClusterID)
  /// Another part of the same award.
  case resize(AllocationID, AllocationLimit)
  /// 이용정지: work stops, data stays.
  case suspension
  case resumption
  /// Something else is enforced than the allocation says, until the override ends.
  case override(AllocationID, AllocationLimit)
  case overrideEnd(AllocationID)
  /// 대여 반환 요구: what an allocation lends is asked back for its team, with the agreed notice.
  case recall(AllocationID)
  /// 해지, or the team gives back early.
  case end
}

extension AmendmentChange: Record {
  enum Kind: String, CanonicalWord, Hashable {
    case `extension`
    case supplement, transfer, resize, suspension, resumption, override, overrideEnd, recall, end
  }

  var kind: Kind {
    switch self {
    case .extension: .extension
    case .supplement: .supplement
    case .transfer: .transfer
    case .resize: .resize
    case .suspension: .suspension
    case .resumption: .resumption
    case .override: .override
    case .overrideEnd: .overrideEnd
    case .recall: .recall
    case .end: .end
    }
  }

  /// The allocation that it concerns; nothing where it concerns the award.
  public var allocation: AllocationID? {
    switch self {
    case .transfer(let id, _), .resize(let id, _), .override(let id, _), .overrideEnd(let id),
      .recall(let id):
      id
    case .extension, .supplement, .suspension, .resumption, .end: nil
    }
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    var cluster: ClusterID?
    var gpus: Int64?
    var limit: AllocationLimit?
    var day: Day?
    switch self {
    case .extension(let to): day = to
    case .supplement(let more): gpus = more
    case .transfer(_, let to): cluster = to
    case .resize(_, let to), .override(_, let to): limit = to
    case .suspension, .resumption, .overrideEnd, .recall, .end: break
    }
    writer.field("allocation", allocation)
    writer.field("cluster", cluster)
    writer.field("gpus", gpus)
    writer.field("kind", kind)
    writer.field("limit", limit)
    writer.field("to", day)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let allocation: AllocationID? = try reader.field("allocation")
    let cluster: ClusterID? = try reader.field("cluster")
    let gpus: Int64? = try reader.field("gpus")
    let kind: Kind = try reader.field("kind")
    let limit: AllocationLimit? = try reader.field("limit")
    let day: Day? = try reader.field("to")
    switch (kind, allocation, cluster, gpus, limit, day) {
    case (.extension, nil, nil, nil, nil, let day?): self = .extension(to: day)
    case (.supplement, nil, nil, let gpus?, nil, nil): self = .supplement(gpus: gpus)
    case (.transfer, let id?, let cluster?, nil, nil, nil): self = .transfer(id, to: cluster)
    case (.resize, let id?, nil, nil, let limit?, nil): self = .resize(id, limit)
    case (.override, let id?, nil, nil, let limit?, nil): self = .override(id, limit)
    case (.overrideEnd, let id?, nil, nil, nil, nil): self = .overrideEnd(id)
    case (.recall, let id?, nil, nil, nil, nil): self = .recall(id)
    case (.suspension, nil, nil, nil, nil, nil): self = .suspension
    case (.resumption, nil, nil, nil, nil, nil): self = .resumption
    case (.end, nil, nil, nil, nil, nil): self = .end
    default: throw reader.malformed("an amendment's parts")
    }
  }
}

/// Why an award is amended: a closed list, because free text never enters the journal.
public enum AmendmentGround: String, CanonicalWord, Hashable {
  case teamRequest, delay, outage, lowUse, breach, operatorRequest, security, correction
}

/// Nothing of it holds yet, so what it would change is the team's and the office's affair: that a
/// suspension was once drafted is nobody else's.
public struct AmendmentDrafted: Hashable, Sendable {
  public let amendment: AmendmentID
  public let award: AwardID
  public let change: Sealed<AmendmentChange>
  public let drafter: Sealed<PersonID>
  public let ground: Sealed<AmendmentGround>

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("amendment", amendment)
    writer.field("award", award)
    writer.sealed("change", .party, change)
    writer.sealed("drafter", .office, drafter)
    writer.sealed("ground", .party, ground)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    amendment = try reader.field("amendment")
    award = try reader.field("award")
    change = try reader.sealed("change", .party)
    drafter = try reader.sealed("drafter", .office)
    ground = try reader.sealed("ground", .party)
  }

  /// The change stood in the clear.
  init(version1From reader: inout CanonicalReader) throws(Malformed) {
    amendment = try reader.field("amendment")
    award = try reader.field("award")
    change = Sealed(try reader.field("change"))
    drafter = try reader.sealed("drafter", .office)
    ground = try reader.sealed("ground", .party)
  }

  init(
    amendment: AmendmentID, award: AwardID, change: AmendmentChange, drafter: PersonID,
    ground: AmendmentGround
  ) {
    self.amendment = amendment
    self.award = award
    self.change = Sealed(change)
    self.drafter = Sealed(drafter)
    self.ground = Sealed(ground)
  }
}

/// What was drafted holds from now on, and is public.
public struct AmendmentApproved: Hashable, Sendable {
  public let amendment: AmendmentID
  public let approver: Sealed<PersonID>
  /// Nothing in version 1: there it stands in the draft.
  public let change: AmendmentChange?
  public let on: Day

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("amendment", amendment)
    writer.sealed("approver", .office, approver)
    writer.field("change", change)
    writer.field("on", on)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    amendment = try reader.field("amendment")
    approver = try reader.sealed("approver", .office)
    let change: AmendmentChange = try reader.field("change")
    self.change = change
    on = try reader.field("on")
  }

  init(version1From reader: inout CanonicalReader) throws(Malformed) {
    amendment = try reader.field("amendment")
    approver = try reader.sealed("approver", .office)
    change = nil
    on = try reader.field("on")
  }

  init(amendment: AmendmentID, approver: PersonID, change: AmendmentChange, on: Day) {
    self.amendment = amendment
    self.approver = Sealed(approver)
    self.change = change
    self.on = on
  }
}

public struct Amendment: Hashable, Sendable {
  public enum Standing: UInt8, Hashable, Sendable, CaseIterable {
    case drafted, approved, returned
  }

  public let award: AwardID
  /// Nothing where it was erased before it was approved: then it cannot be approved any more.
  public var change: AmendmentChange?
  public let drafter: PersonID?
  public let ground: AmendmentGround?
  public var standing: Standing
}
