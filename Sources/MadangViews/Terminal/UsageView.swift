import MadangProgramme

/// What usage is added up by.
public enum UsageGrouping: String, CaseIterable, Sendable {
  case award, allocation, project, pool, centre, cluster, month
}

/// How usage looks, for people and machines.
enum UsageView {
  struct Row {
    let name: String
    var used = GPUSeconds.zero
    var lent = GPUSeconds.zero
    var idle = GPUSeconds.zero
    var delayed = GPUSeconds.zero

    mutating func add(_ month: AllocationMonth) {
      used += month.used
      lent += month.lent
      idle += month.idle
      delayed += month.delayed
    }

    var charged: GPUSeconds { used + lent + idle }
  }

  /// Sums in the order in which their names first come: allocations ascend, and their months.
  static func rows(
    _ programme: Programme, _ by: UsageGrouping, _ only: Month?, for caller: Caller, _ prose: Prose
  ) -> [Row] {
    var places: [String: Int] = [:]
    var rows: [Row] = []
    programme.allocationUsage.forEach { id, usage in
      let award = programme.allocations.row(id)?.award
      guard caller.readsOffice || award.map({ caller.concerns($0, in: programme) }) ?? false
      else { return }
      for month in usage.months where only.map({ $0 == month.month }) ?? true {
        let name = name(id, month, programme, by, prose)
        let place = places[name] ?? rows.count
        if place == rows.count {
          places[name] = place
          rows.append(Row(name: name))
        }
        rows[place].add(month)
      }
    }
    return by == .month ? rows.sorted { $0.name < $1.name } : rows
  }

  private static func name(
    _ id: AllocationID, _ month: AllocationMonth, _ programme: Programme, _ by: UsageGrouping,
    _ prose: Prose
  ) -> String {
    let award = programme.allocations.row(id)?.award
    switch by {
    case .allocation: return "\(id)"
    case .award: return award.map { "\($0)" } ?? "–"
    case .project: return award.map { "\(programme.awards[$0].application)" } ?? "–"
    case .pool:
      return award.map { programme.pools[programme.awards[$0].pool].name[prose.language] } ?? "–"
    case .centre:
      let site = programme.clusters[month.cluster].site
      return programme.sites[site].name[prose.language]
    case .cluster: return programme.clusters[month.cluster].slug.value
    case .month: return "\(month.month)"
    }
  }

  static func text(_ rows: [Row], _ by: UsageGrouping, _ prose: Prose) -> String {
    if rows.isEmpty {
      return prose.say(ko: "아직 확정된 사용량이 없습니다.", en: "No usage is sealed yet.")
    }
    var table = Table([
      (by.name(prose.language), .left), (Account.used.name(prose.language), .right),
      (Account.lent.name(prose.language), .right), (Account.idle.name(prose.language), .right),
      (prose.say(ko: "부과 대상", en: "charged"), .right),
      (Account.delayed.name(prose.language), .right),
    ])
    var sum = Row(name: prose.say(ko: "합계", en: "sum"))
    for row in rows {
      table.add(
        row.name, row.used.hours, row.lent.hours, row.idle.hours, row.charged.hours,
        row.delayed.hours)
      sum.used += row.used
      sum.lent += row.lent
      sum.idle += row.idle
      sum.delayed += row.delayed
    }
    table.rule()
    table.add(
      sum.name, sum.used.hours, sum.lent.hours, sum.idle.hours, sum.charged.hours,
      sum.delayed.hours)
    return table.text + "\n"
      + prose.say(ko: "단위: GPU 시간(GPU h)", en: "In GPU-hours, as sealed.")
  }

  static func json(_ rows: [Row], _ by: UsageGrouping) -> JSON {
    .array(
      rows.map { row in
        .object([
          (by.rawValue, .text(row.name)),
          (
            "gpuSeconds",
            .object([
              ("used", .int(row.used.count)), ("lent", .int(row.lent.count)),
              ("idle", .int(row.idle.count)), ("charged", .int(row.charged.count)),
              ("delayed", .int(row.delayed.count)),
            ])
          ),
        ])
      })
  }

  static func settlements(
    _ ids: [SettlementID], _ due: [Settling], _ programme: Programme, _ prose: Prose
  ) -> String {
    var table = Table([
      (prose.say(ko: "정산", en: "settlement"), .left), (prose.say(ko: "배정", en: "award"), .left),
      (prose.say(ko: "달", en: "month"), .left), ("GPU h", .right),
      (prose.say(ko: "금액", en: "amount"), .right),
      (prose.say(ko: "달 전체", en: "whole month"), .right),
      (prose.say(ko: "정정 대상", en: "amends"), .left),
    ])
    for id in ids {
      let row = programme.settlements[id]
      table.add(
        "\(id)", "\(row.award)", "\(row.month)", row.seconds?.hours ?? "–",
        row.amount?.grouped ?? "–", row.total?.grouped ?? "–",
        row.amends.map { "\($0)" } ?? "")
    }
    let notes = due.map { settling in
      prose.say(
        ko: "\(settling.award)의 \(settling.month)은(는) 정산 뒤 정정되었습니다. 다시 정산하십시오: ",
        en: "\(settling.award)'s \(settling.month) was corrected since; settle it further: ")
        + "madang usage settle \(settling.award) --month \(settling.month)"
        + " --price \(settling.price) --charge \(settling.charge)"
        + (settling.discounted ? " --discounted" : "")
    }
    return ([table.text] + notes).joined(separator: "\n")
  }
}
