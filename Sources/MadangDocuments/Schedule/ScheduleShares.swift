internal import MadangProgramme
internal import MadangScheduler
internal import Yams

/// The policy and the pools.
extension Value {
  func schedulePolicy() -> Policy {
    var policy = Policy()
    guard
      let fields = fields(
        [],
        optional: [
          "reclaim", "backfill", "evictedPerRequested", "assumedWalltime", "historyWeight",
          "historyPeriod", "historyFactor", "searchSteps",
        ])
    else { return policy }
    if let flag = fields["reclaim"]?.flag() { policy.reclaim = flag }
    if let backfill = fields["backfill"]?.backfill() { policy.backfill = backfill }
    if let cap = fields["evictedPerRequested"]?.integer(1...1_000_000) {
      policy.evictedPerRequested = cap
    }
    if let seconds = fields["assumedWalltime"]?.integer(1...SchedulerLimits.tickMax) {
      policy.assumedWalltime = seconds
    }
    if let ratio = fields["historyWeight"]?.ratio() {
      let (numerator, denominator) = (Int64(ratio.numerator), Int64(ratio.denominator))
      if numerator > 1_000 || denominator > 1_000 {
        fields["historyWeight"]?.refuse(
          "이 비율은 쓸 수 없습니다.", "This ratio cannot be used.",
          hintKo: "분자와 분모는 1,000까지입니다.", hintEn: "Both its parts are at most 1,000.")
      } else {
        policy.history = HistoryWeight(numerator: numerator, denominator: denominator)
      }
    }
    policy.decay = decay(fields["historyPeriod"], fields["historyFactor"])
    if let steps = fields["searchSteps"]?.integer(1...1_000_000_000) {
      policy.searchSteps = Int(steps)
    }
    return policy
  }

  /// Past use grows by use, and each whole period what there is of it is multiplied by the factor.
  private func decay(_ period: Value?, _ factor: Value?) -> HistoryDecay? {
    guard let period else {
      factor?.refuse(
        "historyFactor만으로는 쓸 수 없습니다.", "‘historyFactor’ needs a period.",
        hintKo: "historyPeriod를 초로 적으십시오.", hintEn: "Give ‘historyPeriod’, in seconds.")
      return nil
    }
    guard let seconds = period.integer(1...SchedulerLimits.tickMax) else { return nil }
    guard let factor else { return HistoryDecay(halfLife: seconds) }
    guard let ratio = factor.ratio() else { return nil }
    guard ratio.numerator <= ratio.denominator, ratio.denominator <= 1_000_000 else {
      factor.refuse(
        "이 비율은 쓸 수 없습니다.", "This ratio cannot be used.",
        hintKo: "1까지이고 분모는 1,000,000까지입니다.",
        hintEn: "It is at most 1, its lower part at most 1,000,000.")
      return nil
    }
    return HistoryDecay(
      period: seconds, numerator: ratio.numerator, denominator: ratio.denominator)
  }

  /// `none`, `easy`, `conservative`, or for how many jobs room is kept.
  private func backfill() -> Policy.Backfill? {
    guard let (text, _) = scalar() else { return nil }
    if let first = text.utf8.first, first >= 48, first <= 57 {
      return integer(0...1_000_000).map { $0 == 0 ? .none : .depth(Int($0)) }
    }
    return word(["none": .none, "easy": .easy, "conservative": .all])
  }

  func schedulePool() -> SchedulePoolDraft? {
    guard
      let fields = fields(
        ["name"],
        optional: [
          "weight", "priority", "guarantee", "borrow", "lend", "usage", "budget", "minRunTime",
          "order",
        ])
    else { return nil }
    let name = fields["name"]?.label()?.value
    let weight = fields["weight"]?.integer(0...SchedulerLimits.weightMax)
    let priority = fields["priority"]?.integer(0...1_000_000)
    let gpus = 0...Int64(10_000_000)
    let guarantee = fields["guarantee"]?.modelFigures(gpus) ?? []
    let borrow = fields["borrow"]?.modelFigures(gpus) ?? []
    let lend = fields["lend"]?.modelFigures(gpus) ?? []
    let usage = fields["usage"]?.modelFigures(0...(1 << 50)) ?? []
    let budget = fields["budget"]?.modelFigures(0...(1 << 50)) ?? []
    let minRunTime = fields["minRunTime"]?.integer(0...SchedulerLimits.tickMax)
    let order = fields["order"].flatMap {
      $0.word(["fair": PoolOrder.fair, "submission": .submission])
    }
    guard let name else { return nil }
    return SchedulePoolDraft(
      name: name, weight: weight ?? 1, priority: priority ?? 0, guarantee: guarantee,
      borrow: borrow, lend: lend, usage: usage, budget: budget, minRunTime: minRunTime,
      order: order ?? .fair, place: place)
  }

  /// `{from: left, to: right, gpus: {b200: 2}, until: 3600, notice: 60, recalled: true}`.
  func lending() -> ScheduleLendingDraft? {
    guard
      let fields = fields(["from", "to", "gpus", "until"], optional: ["notice", "recalled"])
    else { return nil }
    func pool(_ key: String) -> Named? {
      fields[key].flatMap { value in
        value.label().map { Named(name: $0.value, place: value.place) }
      }
    }
    let (from, to) = (pool("from"), pool("to"))
    let gpus = fields["gpus"]?.modelFigures(1...10_000_000)
    let until = fields["until"]?.moment()
    let notice = fields["notice"]?.integer(0...SchedulerLimits.tickMax) ?? 0
    let isRecalled = fields["recalled"]?.flag() ?? false
    guard let from, let to, let gpus, let until else { return nil }
    return ScheduleLendingDraft(
      lender: from, borrower: to, gpus: gpus, until: until, notice: notice,
      isRecalled: isRecalled, place: place)
  }

  /// `{b200: 5, h200: 2}`.
  private func modelFigures(_ range: ClosedRange<Int64>) -> [ModelFigure]? {
    guard case .mapping(let mapping) = node else {
      wrongKind(
        Wording(ko: "‘기종: 수’ 묶음이", en: "a mapping of models to numbers"),
        hint: Wording(ko: "{b200: 8}처럼 쓰십시오.", en: "Write it like {b200: 8}."))
      return nil
    }
    var figures: [ModelFigure] = []
    for (key, node) in mapping {
      guard case .scalar(let scalar) = key else { continue }
      let model = page.repeatedKeys[scalar.string] ?? scalar.string
      let value = Value(node: node, name: model, page: page)
      if figures.contains(where: { $0.model == model }) {
        value.repeatedItem(model)
        continue
      }
      guard let number = value.integer(range) else { continue }
      figures.append(ModelFigure(model: model, value: number, place: page.place(of: key)))
    }
    return figures
  }
}
