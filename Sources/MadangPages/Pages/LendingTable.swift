import MadangProgramme
import MadangViews

/// What an award lends and borrows, and what its people may do about it.
enum LendingTable {
  static func table(_ context: PageContext, of award: AwardID) -> TableView {
    let programme = context.programme
    var table = TableView(
      "lendings", caption: context.say(ko: "대여", en: "Lending"),
      columns: [
        .text(context.say(ko: "대여", en: "Lending")),
        .text(context.say(ko: "빌려주는 배정", en: "From award")),
        .text(context.say(ko: "빌리는 배정", en: "To award")), .number("GPU"),
        .text(context.say(ko: "마지막 날", en: "Last day")),
        .number(context.say(ko: "통지 일수", en: "Days of notice")),
        .text(context.say(ko: "상태", en: "State")),
      ],
      empty: context.say(
        ko: "빌려주거나 빌린 GPU가 없습니다.", en: "Nothing is lent or borrowed."))
    for id in concerning(award, programme) {
      let row = programme.lendings[id]
      let lender = programme.allocations[row.lender].award
      table.rows.append([
        .named(id, context.name(id)), .link(lender, context.name(lender), "awards"),
        .link(row.award, context.name(row.award), "awards"), .number(row.gpus),
        .text(context.date(row.to.advanced(by: -1))), .number(row.noticeDays),
        .text(programme.standing(of: row, context.language)),
      ])
    }
    return table
  }

  /// By whom an allocation is lent, or whom it lends to: for its card.
  static func facts(of id: AllocationID, _ context: PageContext) -> [(name: String, value: HTML)] {
    let programme = context.programme
    func side(_ award: AwardID, _ row: Lending) -> HTML {
      let last = context.date(row.to.advanced(by: -1))
      return """
        <a href="/awards/\(award)">\(context.name(award))</a>, \
        \(context.say(ko: "\(last)까지", en: "to \(last)"))
        """
    }
    if let lending = programme.allocations[id].lending {
      let row = programme.lendings[lending]
      let lender = programme.allocations[row.lender].award
      return [(context.say(ko: "빌린 곳", en: "On loan from"), side(lender, row))]
    }
    return programme.lendings.ids.compactMap { lending in
      let row = programme.lendings[lending]
      guard row.lender == id, let lent = row.allocation,
        programme.allocations[lent].standing != .returned
      else { return nil }
      let count = context.say(ko: "GPU \(row.gpus.grouped)장, ", en: "\(row.gpus.grouped) GPUs, ")
      return (context.say(ko: "빌려줌", en: "On loan to"), "\(count)\(side(row.award, row))")
    }
  }

  /// Of each open lending what may be done, and of each allocation what may be offered: for
  /// members, as the rules have it.
  static func actions(of award: AwardID, _ context: PageContext) -> HTML {
    let programme = context.programme
    let here = "/awards/\(award)"
    guard context.caller.isMember(of: award, in: programme) else {
      return context.caller.concerns(award, in: programme)
        ? Pieces.section(
          context.say(ko: "대여하기", en: "Lending"),
          Pieces.empty(
            context.say(
              ko: "빌려주고 빌리는 것은 참여인력이 합니다. 먼저 참여인력에 넣으십시오.",
              en: "Members of the team lend and borrow: add one first.")))
        : .none
    }
    var body = HTML.none
    for id in concerning(award, programme) {
      let row = programme.lendings[id]
      let given = [("lending", "\(id)")]
      let isOut = row.allocation.map { programme.allocations[$0].isBound } ?? false
      let operations =
        row.standing == .offered
        ? ["concludeLending", "withdrawLending"] : isOut ? ["endLending"] : []
      let forms = operations.map { ActionForm.html($0, given: given, back: here, context) }
        .filter { !$0.isEmpty }
      if forms.isEmpty { continue }
      body += Pieces.section(context.name(id), forms.reduce(.none, +))
    }
    for id in programme.allocations.ids {
      let row = programme.allocations[id]
      guard row.award == award, row.standing == .live, row.lending == nil, row.firstUse != nil,
        case .reserved = row.limit
      else { continue }
      let form = ActionForm.html(
        "offerLending", given: [("allocation", "\(id)")], back: here, context)
      if form.isEmpty { continue }
      body += Pieces.fold(
        context.say(ko: "\(context.name(id))에서 대여 제안", en: "Lend GPUs of " + context.name(id)), form
      )
    }
    return body
  }

  private static func concerning(_ award: AwardID, _ programme: Programme) -> [LendingID] {
    programme.lendings.ids.filter { id in
      let row = programme.lendings[id]
      return row.award == award || programme.allocations[row.lender].award == award
    }
  }
}
