/// An allocation was read back equal to what it should be, for the first time of this generation or
/// after a drift.
public struct BindingEnforced: Hashable, Sendable {
  public let allocation: AllocationID
  /// Of the allocation, not of its cluster.
  public let generation: Int64
  /// GPU time that the drift before it took from the team.
  public let outage: GPUSeconds

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("generation", generation)
    writer.field("outage", outage)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    generation = try reader.field("generation")
    outage = try reader.field("outage")
  }

  init(allocation: AllocationID, generation: Int64, outage: GPUSeconds) {
    self.allocation = allocation
    self.generation = generation
    self.outage = outage
  }
}

/// Something else was read back than should be, or another thing than before.
public struct BindingDrifted: Hashable, Sendable {
  public let allocation: AllocationID
  public let drift: Drift
  /// GPUs of its own that were found in the team's hands; nothing where it was not found at all, or
  /// where nobody wrote it down.
  public let heldGPUs: Int64?
  /// GPUs that the team goes without while this lasts; 0 where nobody can say, or for a budget.
  public let missingGPUs: Int64
  /// GPU time that the drift before it took from the team.
  public let outage: GPUSeconds

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("drift", drift)
    writer.field("heldGPUs", heldGPUs)
    writer.field("missingGPUs", missingGPUs)
    writer.field("outage", outage)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    drift = try reader.field("drift")
    heldGPUs = try reader.field("heldGPUs")
    missingGPUs = try reader.field("missingGPUs")
    outage = try reader.field("outage")
  }

  /// Upcast: before version 2 nobody wrote down how many GPUs were found.
  init(version1From reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    drift = try reader.field("drift")
    heldGPUs = nil
    missingGPUs = try reader.field("missingGPUs")
    outage = try reader.field("outage")
  }

  init(
    allocation: AllocationID, drift: Drift, heldGPUs: Int64?, missingGPUs: Int64,
    outage: GPUSeconds
  ) {
    self.allocation = allocation
    self.drift = drift
    self.heldGPUs = heldGPUs
    self.missingGPUs = missingGPUs
    self.outage = outage
  }
}

/// The team can use its award: its term begins, and what the delay took is given back as far as
/// there is room on the line; the rest is owed.
public struct ClockStarted: Hashable, Sendable {
  public let award: AwardID
  public let on: Day
  /// Days from the term's first to this one.
  public let delayDays: Int64
  public let term: Term
  /// Days of the delay that could not be given back.
  public let owedDays: Int64
  /// Budgets that have no room in the term any more, cut in proportion. None in version 1.
  public let budgets: [BudgetCut]

  /// What a budget became with its award's term.
  public struct BudgetCut: Hashable, Record {
    public let allocation: AllocationID
    public let budget: GPUSeconds

    public init(allocation: AllocationID, budget: GPUSeconds) {
      self.allocation = allocation
      self.budget = budget
    }

    public func writeFields(to writer: inout CanonicalWriter) {
      writer.field("allocation", allocation)
      writer.field("budget", budget)
    }

    public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      allocation = try reader.field("allocation")
      budget = try reader.field("budget")
    }
  }

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("award", award)
    writer.field("budgets", budgets)
    writer.field("delayDays", delayDays)
    writer.field("on", on)
    writer.field("owedDays", owedDays)
    writer.field("term", term)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    award = try reader.field("award")
    budgets = try reader.field("budgets")
    delayDays = try reader.field("delayDays")
    on = try reader.field("on")
    owedDays = try reader.field("owedDays")
    term = try reader.field("term")
  }

  init(version1From reader: inout CanonicalReader) throws(Malformed) {
    award = try reader.field("award")
    budgets = []
    delayDays = try reader.field("delayDays")
    on = try reader.field("on")
    owedDays = try reader.field("owedDays")
    term = try reader.field("term")
  }

  init(
    award: AwardID, on: Day, delayDays: Int64, term: Term, owedDays: Int64, budgets: [BudgetCut]
  ) {
    self.award = award
    self.budgets = budgets
    self.on = on
    self.delayDays = delayDays
    self.term = term
    self.owedDays = owedDays
  }
}

/// The team confirmed what it was handed: this list of servers, by its digest.
public struct HandoverConfirmed: Hashable, Sendable {
  public let allocation: AllocationID
  public let assets: Sealed<Digest>
  public let gpus: Int64

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.sealed("assets", .party, assets)
    writer.field("gpus", gpus)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    assets = try reader.sealed("assets", .party)
    gpus = try reader.field("gpus")
  }

  init(allocation: AllocationID, assets: Digest, gpus: Int64) {
    self.allocation = allocation
    self.assets = Sealed(assets)
    self.gpus = gpus
  }
}

/// What an ended allocation held is free again: nothing of it is left at the engine, and a
/// hand-over's servers were wiped.
public struct AllocationReturned: Hashable, Sendable {
  public let allocation: AllocationID
  public let certificate: Digest?
  public let on: Day

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("certificate", certificate)
    writer.field("on", on)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    certificate = try reader.field("certificate")
    on = try reader.field("on")
  }

  init(allocation: AllocationID, certificate: Digest?, on: Day) {
    self.allocation = allocation
    self.certificate = certificate
    self.on = on
  }
}
