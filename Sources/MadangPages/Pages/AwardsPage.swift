public import MadangProgramme
import MadangViews

/// Awards: from contract to now.
public enum AwardsPage {
  public static func page(_ context: PageContext) -> Page {
    let programme = context.programme
    var table = TableView(
      "awards", caption: context.say(ko: "배정", en: "Awards"),
      columns: [
        .text(context.say(ko: "배정", en: "Award")),
        .text(context.say(ko: "수행기관", en: "Organisation")), .number("GPU"),
        .text(context.say(ko: "물량", en: "Line")), .text(context.say(ko: "이용 기간", en: "Term")),
        .text(context.say(ko: "시계", en: "Clock")), .text(context.say(ko: "적용", en: "Enforced")),
      ],
      empty: context.say(
        ko: "아직 체결된 협약이 없습니다. 선정된 팀이 협약을 체결하면 여기에 보입니다.",
        en: "No contract is concluded yet. A selected team's award shows here once it is."))
    var counts: [AwardID: (all: Int, enforced: Int, isSimulated: Bool)] = [:]
    programme.allocations.forEach { _, row in
      var count = counts[row.award] ?? (0, 0, false)
      count.all += 1
      if row.isEnforced { count.enforced += 1 }
      if programme.bindings.row(row.cluster)?.engine?.simulated == true { count.isSimulated = true }
      counts[row.award] = count
    }
    programme.awards.forEach { id, award in
      let (all, enforced, isSimulated) = counts[id] ?? (0, 0, false)
      let mark: HTML = isSimulated ? " \(Pieces.simulated(context))" : .none
      let isSynthetic = programme.applications[award.application].synthetic
      table.rows.append([
        .html(
          """
          <a href="/awards/\(id)">\(context.name(id))</a> \
          \(isSynthetic ? Pieces.synthetic(context) : .none)
          """, "\(id)"),
        .named(award.organisation, context.name(award.organisation)), .number(award.gpus),
        .html("\(context.name(award.line))", programme.lines[award.line].line.slug.value),
        .text(context.term(award.term)), .text(context.clock(award)),
        .html(
          "\(enforced)/\(all)\(mark)",
          "\(enforced)/\(all)"
            + (isSimulated ? context.say(ko: " (모의)", en: " (simulated)") : "")),
      ])
    }
    var parts: [Page.Part] = [.table(table)]
    if context.caller.readsOffice {
      parts.append(.table(offers(context)))
      parts.append(.table(amendments(context)))
    }
    return Page(context.say(ko: "배정", en: "Awards"), in: .awards, parts)
  }

  /// Who has yet to conclude.
  private static func offers(_ context: PageContext) -> TableView {
    let programme = context.programme
    var table = TableView(
      "open-offers", caption: context.say(ko: "체결을 기다리는 선정", en: "Offers that wait for a contract"),
      columns: [
        .text(context.say(ko: "신청", en: "Application")), .number("GPU"),
        .text(context.say(ko: "기한", en: "By")), .number(context.say(ko: "순위", en: "Rank")),
      ],
      empty: context.say(ko: "기다리는 선정이 없습니다.", en: "Nobody is waited for."))
    programme.offers.forEach { _, offer in
      guard offer.standing == .open else { return }
      table.rows.append([
        .link(offer.application, context.name(offer.application), "applications"),
        .number(offer.gpus),
        .text(context.date(offer.acceptBy)), .number(Int64(offer.rank)),
      ])
    }
    table.pageRows = 20
    return table
  }

  static func amendments(_ context: PageContext, of award: AwardID? = nil) -> TableView {
    let programme = context.programme
    var table = TableView(
      "amendments", caption: context.say(ko: "협약변경", en: "Amendments"),
      columns: [
        .text(context.say(ko: "변경", en: "Amendment")), .text(context.say(ko: "배정", en: "Award")),
        .sentence(context.say(ko: "내용", en: "Change")), .text(context.say(ko: "사유", en: "Ground")),
        .text(context.say(ko: "상태", en: "State")),
      ],
      empty: context.say(ko: "협약변경이 없습니다.", en: "There are no amendments."))
    programme.amendments.forEach { id, row in
      guard award.map({ $0 == row.award }) ?? true else { return }
      table.rows.append([
        .named(id, context.name(id)), .link(row.award, context.name(row.award), "awards"),
        .text(programme.words(for: row.change, context.language)),
        row.ground.map { .text($0.name(context.language)) } ?? .none,
        .text(row.standing.name(context.language)),
      ])
    }
    return table
  }

  /// One award.
  public static func award(_ id: AwardID, _ found: AwardFacts, _ context: PageContext) -> Page {
    var parts: [Page.Part] = [
      .html(steps(id, context)), .html(facts(id, context)),
      .html(AllocationCards.html(of: id, found, context)),
    ]
    if context.caller.reads(id, in: context.programme) {
      parts.append(.table(AwardWork.jobs(found, context)))
      parts += AwardWork.days(found, context)
      parts.append(.table(usage(of: id, context)))
      parts.append(.table(SettlementTable.table(context, of: id)))
      parts.append(.html(AwardForms.settlement(id, context)))
      parts += AwardForms.members(id, found, context)
      parts.append(.table(amendments(context, of: id)))
      parts.append(.html(AwardForms.waiting(id, context)))
      parts.append(.table(LendingTable.table(context, of: id)))
      parts.append(.html(LendingTable.actions(of: id, context)))
      parts.append(.html(AwardForms.office(id, context)))
    }
    let row = context.programme.awards[id]
    let title = context.say(
      ko: "\(context.name(id)): \(context.name(row.organisation)), GPU \(row.gpus.grouped)장",
      en: "\(context.name(id)): \(row.gpus.grouped) GPUs for "
        + context.name(row.organisation).lowercasedFirst)
    return Page(title, in: .awards, parts)
  }

  /// From contract to now, a step each.
  private static func steps(_ id: AwardID, _ context: PageContext) -> HTML {
    let programme = context.programme
    let row = programme.awards[id]
    let allocations = programme.allocations.ids.map { programme.allocations[$0] }
      .filter { $0.award == id }
    let usable = allocations.compactMap(\.firstUse).min()
    let isOver = row.ended != nil
    return Pieces.steps([
      (
        context.say(ko: "협약 체결", en: "Contract"),
        context.date(programme.contracts[row.contract].on), true
      ),
      (
        context.say(ko: "할당", en: "Allocated"),
        context.say(ko: "\(allocations.count)건", en: "\(allocations.count)"), !allocations.isEmpty
      ),
      (
        context.say(ko: "쓸 수 있게 됨", en: "Usable"),
        usable.map { context.time($0) } ?? context.say(ko: "아직", en: "not yet"), usable != nil
      ),
      (
        context.say(ko: "이용 시작(시계)", en: "Clock started"),
        row.clock.map { context.date($0) } ?? context.say(ko: "아직", en: "not yet"),
        row.clock != nil
      ),
      (
        isOver ? context.say(ko: "끝", en: "Ended") : context.say(ko: "마지막 날", en: "Last day"),
        context.date(row.lastDay), isOver
      ),
      (
        context.say(ko: "반납", en: "Back"),
        row.returnedOn.map { context.date($0) } ?? context.say(ko: "아직", en: "not yet"),
        row.returnedOn != nil
      ),
    ])
  }

  private static func facts(_ id: AwardID, _ context: PageContext) -> HTML {
    let programme = context.programme
    let row = programme.awards[id]
    let synthetic = programme.applications[row.application].synthetic
    return Pieces.facts([
      (context.say(ko: "식별자", en: "Identifier"), "<code>\(id)</code>"),
      (
        context.say(ko: "신청", en: "Application"),
        """
        <a href="/applications/\(row.application)">\(context.name(row.application))</a> \
        \(synthetic ? Pieces.synthetic(context) : .none)
        """
      ),
      (context.say(ko: "수행기관", en: "Organisation"), "\(context.name(row.organisation))"),
      ("GPU", "\(row.gpus.grouped)"),
      (
        context.say(ko: "물량", en: "Line"),
        "<a href=\"/supply/\(row.line)\">\(context.name(row.line))</a>"
      ),
      (context.say(ko: "이용 기간", en: "Term"), "\(context.term(row.term))"),
      (context.say(ko: "시계", en: "Clock"), "\(context.clock(row))"),
      (
        context.say(ko: "돌려줄 지연", en: "Delay still owed"),
        "\(context.say(ko: "\(row.owedDays)일", en: counted(row.owedDays, "day")))"
      ),
    ])
  }

  private static func usage(of id: AwardID, _ context: PageContext) -> TableView {
    let programme = context.programme
    var table = TableView(
      "usage", caption: context.say(ko: "월별 사용량 (GPU초)", en: "Usage by month, in GPU-seconds"),
      columns: [
        .text(context.say(ko: "월", en: "Month")), .text(context.say(ko: "할당", en: "Allocation")),
        .number(Account.used.name(context.language)), .number(Account.lent.name(context.language)),
        .number(Account.idle.name(context.language)),
        .number(Account.delayed.name(context.language)),
      ],
      empty: context.say(ko: "아직 확정된 시간이 없습니다.", en: "No hour is sealed yet."))
    for allocation in programme.allocations.ids where programme.allocations[allocation].award == id
    {
      for month in programme.usage(of: allocation).months {
        table.rows.append([
          .text("\(month.month)"), .named(allocation, context.name(allocation)),
          .number(month.used.count), .number(month.lent.count), .number(month.idle.count),
          .number(month.delayed.count),
        ])
      }
    }
    return table
  }
}

extension Award {
  /// The last day that is in it: of its term, or the day on which it was ended before that.
  fileprivate var lastDay: Day {
    let last = term.to.advanced(by: -1)
    return ended.map { min($0, last) } ?? last
  }
}

extension PageContext {
  /// Since when an award is used, or how it ended.
  func clock(_ award: Award) -> String {
    if award.ended != nil {
      let ended = award.lastDay
      let back =
        award.returnedOn.map { say(ko: ", \(date($0)) 반납 완료", en: ", back \(date($0))") }
        ?? say(ko: ", 반납 중", en: ", not back yet")
      return say(ko: "\(date(ended)) 끝남", en: "ended \(date(ended))") + back
    }
    return award.clock.map { say(ko: "\(date($0))부터 이용", en: "in use since \(date($0))") }
      ?? say(ko: "시작 전", en: "not started")
  }
}
