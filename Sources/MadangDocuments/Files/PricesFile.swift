internal import MadangProgramme

struct PriceDraft: Sendable {
  let slug: Slug
  let model: Slug?
  let amount: Int64?
  let unit: Price.Unit

  func resolved(_ names: Names) -> Price {
    Price(slug: slug, model: model.map { names.models[$0] }, amount: amount, unit: unit)
  }
}

struct ChargeDraft: Sendable {
  let slug: Slug
  let track: Slug
  let lowest: Ratio
  let highest: Ratio
  let discount: UserCharge.Discount?
  let source: Slug

  func resolved(_ names: Names) -> UserCharge {
    UserCharge(
      slug: slug, track: track, lowest: lowest, highest: highest, discount: discount,
      source: names.sources[source])
  }
}

/// prices.yaml: what a GPU costs, and what part of it a team pays.
struct PricesFile {
  var prices: [PriceDraft] = []
  var charges: [ChargeDraft] = []

  init(_ value: Value) {
    guard let fields = value.fields(["prices", "charges"]) else { return }
    let limit = Limits.folderItemsMax
    prices = fields["prices"]?.list(limit: limit, PricesFile.price)?.items ?? []
    charges = fields["charges"]?.list(limit: limit, PricesFile.charge)?.items ?? []
  }

  private static func price(_ value: Value) -> PriceDraft? {
    guard
      let fields = value.fields(
        ["slug", "sector", "unit"], optional: ["model", "amount", "published", "note"])
    else { return nil }
    let slug = fields["slug"]?.slug(defining: .price)
    let model = fields["model"]?.reference(.model)
    _ = fields["sector"]?.reference(.track)
    let unit: Price.Unit? = fields["unit"]?.word(["gpu-hour": .gpuHour, "gpu-month": .gpuMonth])
    let amount = fields["amount"]?.integer()
    let published = fields["published"]?.flag() ?? true
    fields.checkNote()
    guard let slug, let unit else { return nil }
    if published != (fields["amount"] != nil) {
      value.refuse(
        "‘\(slug)’: 공개된 단가에만 금액이 있어야 합니다.",
        "‘\(slug)’: a price has an amount where it is published, and only there.",
        hintKo: "amount를 쓰거나 published: false로 하십시오.",
        hintEn: "Give the amount, or say published: false without one.")
    }
    return PriceDraft(slug: slug, model: model, amount: amount, unit: unit)
  }

  private static func charge(_ value: Value) -> ChargeDraft? {
    guard
      let fields = value.fields(
        ["slug", "sector", "rate", "source"], optional: ["discount", "note"])
    else { return nil }
    let slug = fields["slug"]?.slug(defining: .charge)
    let track = fields["sector"]?.reference(.track)
    let rate = fields["rate"].flatMap(rate)
    let discount = fields["discount"].flatMap(discount)
    let source = fields["source"]?.reference(.source)
    fields.checkNote()
    guard let slug, let track, let rate, let source else { return nil }
    return ChargeDraft(
      slug: slug, track: track, lowest: rate.0, highest: rate.1, discount: discount,
      source: source)
  }

  private static func rate(_ value: Value) -> (Ratio, Ratio)? {
    guard let batch = value.list({ $0.ratio() }), batch.complete else { return nil }
    guard batch.items.count == 2, batch.items[0] <= batch.items[1], batch.items[1] <= .one else {
      value.refuse(
        "‘rate’은(는) 최저와 최고, 두 비율이어야 합니다.",
        "‘rate’ must be two ratios, the lowest and the highest.",
        hintKo: "[\"5%\", \"10%\"]처럼 쓰십시오. 100%를 넘을 수 없습니다.",
        hintEn: "Write it like [\"5%\", \"10%\"]; neither may pass 100%.")
      return nil
    }
    return (batch.items[0], batch.items[1])
  }

  private static func discount(_ value: Value) -> UserCharge.Discount? {
    guard let fields = value.fields(["when", "rate"]) else { return nil }
    let condition = fields["when"]?.slug()
    let rate = fields["rate"]?.ratio()
    guard let condition, let rate else { return nil }
    if !(rate <= .one) {
      fields["rate"]?.refuse(
        "할인율 \(rate)이(가) 1을 넘습니다.", "A discount of \(rate) is more than the whole.",
        hintKo: "100% 이하로 쓰십시오.", hintEn: "Write 100% or less.")
    }
    return UserCharge.Discount(condition: condition, rate: rate)
  }
}

extension Ratio {
  /// Exact: the products of two parts below 2⁵³ fit in 128 bits.
  static func <= (a: Ratio, b: Ratio) -> Bool {
    Int128(a.numerator) * Int128(b.denominator) <= Int128(b.numerator) * Int128(a.denominator)
  }
}
