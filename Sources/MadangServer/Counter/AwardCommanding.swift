import MadangProgramme
import MadangViews

/// Commands about awards, their teams, allocations and costs.
extension Giving {
  func awardCommand(
    _ operation: MadangViews.Operation, _ values: Values
  ) throws -> Command {
    switch operation.id {
    case "allocate":
      return .allocate(
        try award(values), try programme.cluster("cluster", values), try limit(values))
    case "addMember":
      return .addMember(try award(values), try person(try need(values.text("name"))))
    case "removeMember":
      let award = try award(values)
      return .removeMember(award, try member(try need(values.text("name")), award))
    case "draftAmendment":
      guard let ground = values.text("ground").flatMap({ AmendmentGround(rawValue: $0) }) else {
        throw HTTPRefusal.unreadable
      }
      return .draftAmendment(try award(values), try change(values), ground)
    case "approveAmendment":
      return .approveAmendment(
        try programme.known("amendment", values, programme.amendments))
    case "returnAmendment":
      return .returnAmendment(
        try programme.known("amendment", values, programme.amendments))
    case "confirmHandover":
      return .confirmHandover(
        try allocation(values),
        assets: try need(values.text("assets").flatMap { Digest(hex: $0) }))
    case "revokeAgent":
      return .revokeAgent(try programme.known("agent", values, programme.agents))
    case "settle": return .settle(try settling(values))
    default: throw HTTPRefusal.nothingThere
    }
  }

  func lendingCommand(
    _ operation: MadangViews.Operation, _ values: Values
  ) throws -> Command {
    switch operation.id {
    case "offerLending":
      return .offerLending(
        LendingTerms(
          lender: try allocation(values), award: try award(values),
          gpus: try need(values.integer("gpus")), to: try need(values.day("to")),
          noticeDays: try need(values.integer("noticeDays"))))
    case "concludeLending": return .concludeLending(try lending(values))
    case "withdrawLending": return .withdrawLending(try lending(values))
    case "endLending": return .endLending(try lending(values))
    default: throw HTTPRefusal.nothingThere
    }
  }

  private func lending(_ values: Values) throws(Refusal) -> LendingID {
    try programme.known("lending", values, programme.lendings)
  }

  private func award(_ values: Values) throws(Refusal) -> AwardID {
    try programme.known("award", values, programme.awards)
  }

  private func allocation(_ values: Values) throws -> AllocationID {
    guard values.text("allocation") != nil else {
      throw HTTPRefusal.missing(field: "allocation")
    }
    return try programme.known("allocation", values, programme.allocations)
  }

  private func settling(_ values: Values) throws -> Settling {
    let prices = programme.prices
    let charges = programme.charges
    guard let month = values.text("month").flatMap({ Month($0) }) else {
      throw HTTPRefusal.missing(field: "month")
    }
    let price = values.text("price") ?? ""
    let charge = values.text("charge") ?? ""
    return Settling(
      award: try award(values), month: month,
      price: try named(price, in: prices.ids) { prices[$0].slug.value },
      charge: try named(charge, in: charges.ids) { charges[$0].slug.value },
      discounted: values.flag("discounted"))
  }

  /// By identifier or short name.
  private func named<Kind>(
    _ name: String, in ids: some Sequence<Identifier<Kind>>,
    slug: (Identifier<Kind>) -> String
  ) throws(ProgrammeRefusal) -> Identifier<Kind> {
    guard let id = ids.first(where: { "\($0)" == name || slug($0) == name }) else {
      throw .unknown(name)
    }
    return id
  }

  private func limit(_ values: Values) throws(HTTPRefusal) -> AllocationLimit {
    switch (
      values.integer("gpus"), values.integer("budgetGPUHours"), values.integer("budgetGPUSeconds")
    ) {
    case (let gpus?, nil, nil): .reserved(gpus: gpus)
    case (nil, let hours?, nil): .budget(GPUSeconds(hours * 3_600))
    case (nil, nil, let seconds?): .budget(GPUSeconds(seconds))
    default: throw .oneOf(["gpus", "budgetGPUHours", "budgetGPUSeconds"])
    }
  }

  private func change(_ values: Values) throws -> AmendmentChange {
    switch values.text("change") {
    case "extension":
      guard let to = values.day("to") else { throw HTTPRefusal.missing(field: "to") }
      return .extension(to: to)
    case "supplement":
      guard let gpus = values.integer("gpus") else { throw HTTPRefusal.missing(field: "gpus") }
      return .supplement(gpus: gpus)
    case "transfer":
      return .transfer(
        try allocation(values), to: try programme.cluster("cluster", values))
    case "resize": return .resize(try allocation(values), try limit(values))
    case "override": return .override(try allocation(values), try limit(values))
    case "overrideEnd": return .overrideEnd(try allocation(values))
    case "suspension": return .suspension
    case "resumption": return .resumption
    case "end": return .end
    default: throw HTTPRefusal.missing(field: "change")
    }
  }
}
