/// What a team pays for one month of its award (정산): settled once, exact but for one cut, which is
/// recorded.
///
/// Where a settled month is corrected later, a further settlement has the difference. It is the
/// whole month that is cut again, never the difference, so that however often a month is corrected
/// its settlements add up to what one settlement of all of it would be:
///
///     total = ⌊exact / dropBelow⌋ × dropBelow      remainder = exact − total
///     amount = total − the total that it amends
public struct Settled: Hashable, Sendable {
  /// The award's allocations, ascending.
  public let allocations: [AllocationID]
  /// The settlement of the same month that this one corrects; nothing in the first.
  public let amends: SettlementID?
  /// What is due by this settlement, in whole units of the programme's currency; negative where it
  /// is paid back.
  public let amount: Sealed<Int64>
  public let award: AwardID
  public let charge: ChargeID
  /// Whether the charge's reduction was granted: a fact of the team's, found where facts are.
  public let discounted: Sealed<Bool>
  public let month: Month
  public let price: PriceID
  /// What was cut off the month: the exact amount less this is `total`.
  public let remainder: Sealed<Ratio>
  /// Of the whole month, as known by then.
  public let seconds: Sealed<GPUSeconds>
  public let settlement: SettlementID
  /// What the whole month comes to by now, cut down to a multiple of the charter's.
  public let total: Sealed<Int64>

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("allocations", allocations)
    writer.field("amends", amends)
    writer.sealed("amount", .party, amount)
    writer.field("award", award)
    writer.field("charge", charge)
    writer.sealed("discounted", .party, discounted)
    writer.field("month", month)
    writer.field("price", price)
    writer.sealed("remainder", .party, remainder)
    writer.sealed("seconds", .party, seconds)
    writer.field("settlement", settlement)
    writer.sealed("total", .party, total)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    allocations = try reader.field("allocations")
    amends = try reader.field("amends")
    amount = try reader.sealed("amount", .party)
    award = try reader.field("award")
    charge = try reader.field("charge")
    discounted = try reader.sealed("discounted", .party)
    month = try reader.field("month")
    price = try reader.field("price")
    remainder = try reader.sealed("remainder", .party)
    seconds = try reader.sealed("seconds", .party)
    settlement = try reader.field("settlement")
    total = try reader.sealed("total", .party)
  }

  /// Upcast: before version 2 a month was settled once, so that what was due was all of it.
  init(version1From reader: inout CanonicalReader) throws(Malformed) {
    allocations = try reader.field("allocations")
    amends = nil
    amount = try reader.sealed("amount", .party)
    award = try reader.field("award")
    charge = try reader.field("charge")
    discounted = try reader.sealed("discounted", .party)
    month = try reader.field("month")
    price = try reader.field("price")
    remainder = try reader.sealed("remainder", .party)
    seconds = try reader.sealed("seconds", .party)
    settlement = try reader.field("settlement")
    total = amount
  }

  /// `amends` is the settlement that this one corrects, and its total.
  init(
    _ settling: Settling, _ settlement: SettlementID, allocations: [AllocationID],
    seconds: GPUSeconds, cost: SettledCost, amends: (SettlementID, total: Int64)?
  ) {
    self.allocations = allocations
    self.amends = amends?.0
    amount = Sealed(cost.amount - (amends?.total ?? 0))
    total = Sealed(cost.amount)
    award = settling.award
    charge = settling.charge
    discounted = Sealed(settling.discounted)
    month = settling.month
    price = settling.price
    remainder = Sealed(cost.remainder)
    self.seconds = Sealed(seconds)
    self.settlement = settlement
  }
}

/// Asks for a settlement: by which price and charge is said, never guessed.
public struct Settling: Hashable, Sendable {
  public let award: AwardID
  public let month: Month
  public let price: PriceID
  public let charge: ChargeID
  /// The charge's reduction is granted.
  public let discounted: Bool

  public init(
    award: AwardID, month: Month, price: PriceID, charge: ChargeID, discounted: Bool
  ) {
    self.award = award
    self.month = month
    self.price = price
    self.charge = charge
    self.discounted = discounted
  }
}

/// A settlement as the programme keeps it.
public struct Settlement: Hashable, Record {
  public let award: AwardID
  public let month: Month
  public let amends: SettlementID?
  /// These are nothing where they were erased.
  public let amount: Int64?
  public let total: Int64?
  public let remainder: Ratio?
  public let seconds: GPUSeconds?
  public let terms: SettledTerms?

  init(_ body: Settled, _ terms: SettledTerms?) {
    award = body.award
    month = body.month
    amends = body.amends
    amount = body.amount.value
    total = body.total.value
    remainder = body.remainder.value
    seconds = body.seconds.value
    self.terms = terms
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("amends", amends)
    writer.field("amount", amount)
    writer.field("award", award)
    writer.field("month", month)
    writer.field("remainder", remainder)
    writer.field("seconds", seconds)
    writer.field("terms", terms)
    writer.field("total", total)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    amends = try reader.field("amends")
    amount = try reader.field("amount")
    award = try reader.field("award")
    month = try reader.field("month")
    remainder = try reader.field("remainder")
    seconds = try reader.field("seconds")
    terms = try reader.field("terms")
    total = try reader.field("total")
  }
}

/// By what a month was settled first, as it was then: a correction of its usage is settled by the
/// same, whatever was published since.
public struct SettledTerms: Hashable, Record {
  public let price: PriceID
  public let charge: ChargeID
  public let discounted: Bool
  /// In the programme's currency, for each unit.
  public let unitPrice: Int64
  public let unit: Price.Unit
  public let rate: Ratio
  public let discount: Ratio?

  /// Nothing where no price was published.
  init?(_ settling: Settling, _ price: Price, _ charge: UserCharge) {
    guard let amount = price.amount else { return nil }
    self.price = settling.price
    self.charge = settling.charge
    discounted = settling.discounted
    unitPrice = amount
    unit = price.unit
    rate = charge.lowest
    discount = settling.discounted ? charge.discount?.rate : nil
  }

  /// Nothing where it passes what can be written.
  func cost(
    of seconds: GPUSeconds, monthSeconds: Int64, dropBelow: Int64
  ) -> SettledCost? {
    SettledCost(
      seconds: seconds, price: unitPrice,
      unitSeconds: unit == .gpuHour ? Hour.seconds : monthSeconds, rate: rate,
      discount: discount, dropBelow: dropBelow)
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("charge", charge)
    writer.field("discount", discount)
    writer.field("discounted", discounted)
    writer.field("price", price)
    writer.field("rate", rate)
    writer.field("unit", unit)
    writer.field("unitPrice", unitPrice)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    charge = try reader.field("charge")
    discount = try reader.field("discount")
    discounted = try reader.field("discounted")
    price = try reader.field("price")
    rate = try reader.field("rate")
    unit = try reader.field("unit")
    unitPrice = try reader.field("unitPrice")
  }
}

/// GPU-seconds × price × rate, exact, and then cut once.
public struct SettledCost: Hashable, Sendable {
  public let amount: Int64
  public let remainder: Ratio

  /// Nothing where it passes what can be written.
  ///
  ///     exact = seconds × price / (seconds of the price's unit) × rate × (1 − discount)
  ///     amount = ⌊exact / dropBelow⌋ × dropBelow
  public init?(
    seconds: GPUSeconds, price: Int64, unitSeconds: Int64, rate: Ratio, discount: Ratio?,
    dropBelow: Int64
  ) {
    guard unitSeconds > 0, dropBelow > 0, seconds >= .zero, price >= 0 else { return nil }
    let kept = discount.map { ($0.denominator - $0.numerator, $0.denominator) } ?? (1, 1)
    guard kept.0 >= 0 else { return nil }
    guard
      let above = SettledCost.product([seconds.count, price, rate.numerator, kept.0]),
      let below = SettledCost.product([unitSeconds, rate.denominator, kept.1]),
      let step = SettledCost.multiplied(below, Int128(dropBelow))
    else { return nil }
    let amount = above / step * Int128(dropBelow)
    let left = above % step
    let divisor = SettledCost.gcd(left, below)
    guard amount <= Int128(Limits.integerMax),
      let numerator = Int64(exactly: left / divisor),
      let denominator = Int64(exactly: below / divisor),
      let remainder = Ratio(numerator, denominator)
    else { return nil }
    self.amount = Int64(amount)
    self.remainder = remainder
  }

  private static func product(_ factors: [Int64]) -> Int128? {
    var product: Int128 = 1
    for factor in factors {
      guard let next = multiplied(product, Int128(factor)) else { return nil }
      product = next
    }
    return product
  }

  private static func multiplied(_ a: Int128, _ b: Int128) -> Int128? {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? nil : product
  }

  private static func gcd(_ a: Int128, _ b: Int128) -> Int128 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return max(a, 1)
  }
}
