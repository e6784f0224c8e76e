import MadangProgramme
import MadangViews

/// What an operator does at a centre: what its cluster waits for, and the lines that stand there.
enum CentreWorkTable {
  /// As the operation that reads it says.
  static func isFor(_ caller: Caller, _ id: ClusterID, _ context: PageContext) -> Bool {
    var values = Values()
    values.set("cluster", .text("\(id)"))
    return Operation.named("listWork")?.access.allows(caller, values, in: context.programme)
      ?? false
  }

  static func table(_ id: ClusterID, _ context: PageContext) -> TableView {
    let programme = context.programme
    var table = TableView(
      "work", caption: context.say(ko: "할 일", en: "Work that waits"),
      columns: [
        .text(context.say(ko: "할 일", en: "Work")),
        .text(context.say(ko: "할당", en: "Allocation")), .number("GPU"),
        .text(context.say(ko: "무엇이 다른가", en: "What differs")),
        .text(context.say(ko: "언제부터", en: "Since")),
        .text(context.say(ko: "마지막 날", en: "Last day")),
      ],
      empty: context.say(
        ko: "할 일이 없습니다. 모두 설정한 대로입니다.",
        en: "There is nothing to do: everything is as it should be."))
    table.rows = programme.work(at: id).map { row in
      let drift = programme.allocations[row.allocation].drift
      return [
        .text(row.task.name(context.language)),
        .html(
          "<a href=\"/awards/\(row.award)#\(row.allocation)\">\(context.name(row.allocation))</a>",
          "\(row.allocation)"), .number(row.gpus),
        drift.map { .text($0.name(context.language)) } ?? .none,
        row.since.map { .html("\(context.time($0))", $0.seconds) } ?? .none,
        row.until.map { .html("\(context.date($0.advanced(by: -1)))", "\($0.advanced(by: -1))") }
          ?? .none,
      ]
    }
    return table
  }

  /// The lines of a cluster's site, with how far they have come.
  static func lines(_ id: ClusterID, _ context: PageContext) -> TableView {
    let programme = context.programme
    let site = programme.clusters[id].site
    var table = TableView(
      "site-lines", caption: context.say(ko: "이 센터의 물량", en: "Lines at this centre"),
      columns: [
        .text(context.say(ko: "물량", en: "Line")), .number("GPU"),
        .text(context.say(ko: "마지막 단계", en: "Newest step")),
        .number(context.say(ko: "등록된 서버", en: "Servers registered")),
        .number(context.say(ko: "예정된 점검", en: "Maintenance ahead")),
      ],
      empty: context.say(ko: "이 센터에 물량이 없습니다.", en: "No line stands here."))
    programme.lines.forEach { line, history in
      guard history.line.site == site else { return }
      let newest = history.steps.last { !$0.planned } ?? history.steps.last
      let ahead = history.maintenance.count { window in
        context.today.map { window.term.to > $0 } ?? true
      }
      table.rows.append([
        .link(line, context.name(line), "supply"), .number(history.line.gpus.value),
        newest.map {
          .html("\($0.state.name(context.language)), \(context.date($0.on))", "\($0.on)")
        } ?? .none,
        .number(history.units.reduce(0) { $0 + $1.servers }), .number(Int64(ahead)),
      ])
    }
    return table
  }
}
