import MadangProgramme
import MadangViews

/// Usage that a cluster's agent sent and the office did not take: in no account, so that somebody
/// has to look into it.
enum RefusedUsageTable {
  static func table(_ found: ClusterPage.Found, _ context: PageContext) -> TableView {
    let shown = Int64(found.refused.count).grouped
    let all = Int64(found.refusedCount).grouped
    let isAll = found.refused.count == found.refusedCount
    var table = TableView(
      "refused-usage",
      caption: isAll
        ? context.say(ko: "받지 않은 사용 기록", en: "Usage that was not taken")
        : context.say(
          ko: "받지 않은 사용 기록 (전체 \(all)건 중 최근 \(shown)건)",
          en: "Usage that was not taken (the newest \(shown) of \(all))"),
      columns: [
        .text(context.say(ko: "받은 때", en: "Received")),
        .text(context.say(ko: "작업", en: "Job")),
        .text(context.say(ko: "할당", en: "Allocation")), .number("GPU"),
        .text(context.say(ko: "부터", en: "From")), .text(context.say(ko: "까지", en: "To")),
        .text(context.say(ko: "코드", en: "Code")), .sentence(context.say(ko: "사유", en: "Reason")),
      ],
      empty: context.say(
        ko: "받지 않은 사용 기록이 없습니다.", en: "All usage that was sent was taken."))
    table.rows = found.refused.reversed().map { row in
      let segment = row.segment
      let job = "\(segment.key.job)/\(segment.key.number)"
      return [
        .html("\(context.time(row.received))", row.received.seconds),
        .html("<code>\(job)</code>", job),
        segment.allocation.map { allocation($0, context) } ?? .none, .number(Int64(segment.gpus)),
        .html("\(context.time(segment.from))", segment.from.seconds),
        .html("\(context.time(segment.to))", segment.to.seconds), .text(row.code),
        row.reason.map { .text($0[context.language]) } ?? .none,
      ]
    }
    return table
  }

  /// What is not known is named as it was sent.
  private static func allocation(_ id: AllocationID, _ context: PageContext) -> TableView.Cell {
    guard let row = context.programme.allocations.row(id) else { return .text("\(id)") }
    return .html("<a href=\"/awards/\(row.award)#\(id)\">\(context.name(id))</a>", "\(id)")
  }
}
