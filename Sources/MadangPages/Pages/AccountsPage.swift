import MadangProgramme
import MadangViews

/// Where every GPU-second went.
public enum AccountsPage {
  public static func page(_ context: PageContext) -> Page {
    let programme = context.programme
    var table = TableView(
      "accounts", caption: context.say(ko: "계정 (GPU초)", en: "Accounts, in GPU-seconds"),
      columns: [
        .text(context.say(ko: "클러스터", en: "Cluster")), .text(context.say(ko: "월", en: "Month")),
        .number(context.say(ko: "확정 시간", en: "Sealed hours")),
      ] + Account.allCases.map { .number($0.name(context.language)) } + [
        .number(context.say(ko: "용량 × 시간", en: "Capacity × time"))
      ],
      empty: context.say(
        ko: "아직 확정된 시간이 없습니다. 한 시간이 끝나고 조용해지면 확정됩니다.",
        en: "No hour is sealed yet. An hour is, once it is over and quiet."))
    var sums = [Int64](repeating: 0, count: Account.count)
    for id in programme.clusters.ids {
      for month in programme.accounts(of: id).months {
        for account in Account.allCases { sums[account.index] += month[account].count }
        table.rows.append(
          [
            .text(programme.clusters[id].slug.value), .text("\(month.month)"),
            .number(month.hours),
          ] + Account.allCases.map { .number(month[$0].count) } + [.number(month.capacity.count)])
      }
    }
    let parts = Account.allCases.map { ($0.name(context.language), sums[$0.index]) }
    let whole = sums.reduce(0, +)
    let bar: HTML =
      whole == 0
      ? .none
      : Pieces.section(
        context.say(ko: "지금까지", en: "So far"),
        Plot.bar(
          parts, title: context.say(ko: "GPU초의 계정", en: "GPU-seconds by account")))
    return Page(
      context.say(ko: "계정", en: "Accounts"), in: .accounts,
      [
        .html(
          """
          <p>\(context.say(
            ko: "모든 GPU초는 꼭 한 계정에 있습니다. 합은 언제나 용량 × 시간과 같고, 재지 않은 것은 미계측이지 추정이 아닙니다.",
            en: "Every GPU-second is in exactly one account. The sum is always "
              + "capacity × time; what nobody measured is unobserved, never guessed."))</p>
          """), .html(bar), .table(table),
      ])
  }
}
