/// What a team pays for one month of its award (정산): settled once, exact but for one cut, which is
/// recorded.
public struct Settled: Hashable, Sendable {
  /// The award's allocations, ascending.
  public let allocations: [AllocationID]
  /// In whole units of the programme's currency, cut down to a multiple of the charter's.
  public let amount: Sealed<Int64>
  public let award: AwardID
  public let charge: ChargeID
  /// Whether the charge's reduction was granted: a fact of the team's, found where facts are.
  public let discounted: Sealed<Bool>
  public let month: Month
  public let price: PriceID
  /// What was cut off: the exact amount less this is `amount`.
  public let remainder: Sealed<Ratio>
  public let seconds: Sealed<GPUSeconds>
  public let settlement: SettlementID

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("allocations", allocations)
    writer.sealed("amount", .party, amount)
    writer.field("award", award)
    writer.field("charge", charge)
    writer.sealed("discounted", .party, discounted)
    writer.field("month", month)
    writer.field("price", price)
    writer.sealed("remainder", .party, remainder)
    writer.sealed("seconds", .party, seconds)
    writer.field("settlement", settlement)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    allocations = try reader.field("allocations")
    amount = try reader.sealed("amount", .party)
    award = try reader.field("award")
    charge = try reader.field("charge")
    discounted = try reader.sealed("discounted", .party)
    month = try reader.field("month")
    price = try reader.field("price")
    remainder = try reader.sealed("remainder", .party)
    seconds = try reader.sealed("seconds", .party)
    settlement = try reader.field("settlement")
  }

  init(
    _ settling: Settling, _ settlement: SettlementID, allocations: [AllocationID],
    seconds: GPUSeconds, cost: SettledCost
  ) {
    self.allocations = allocations
    amount = Sealed(cost.amount)
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
  /// Nothing where it was erased.
  public let amount: Int64?
  public let seconds: GPUSeconds?

  init(_ body: Settled) {
    award = body.award
    month = body.month
    amount = body.amount.value
    seconds = body.seconds.value
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("amount", amount)
    writer.field("award", award)
    writer.field("month", month)
    writer.field("seconds", seconds)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    amount = try reader.field("amount")
    award = try reader.field("award")
    month = try reader.field("month")
    seconds = try reader.field("seconds")
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
