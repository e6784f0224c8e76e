import MadangProgramme
import MadangViews

/// The pool tree: shares by rule, what is awarded, what is used.
public enum PoolsPage {
  public static func page(_ context: PageContext) -> Page {
    let programme = context.programme
    var table = TableView(
      "pools", caption: context.say(ko: "배분 물량", en: "Pools"),
      columns: [
        .text(context.say(ko: "배분 물량", en: "Pool")), .text(context.say(ko: "배분 비율", en: "Share")),
        .number(context.say(ko: "선정 GPU", en: "Selected GPUs")),
        .number(context.say(ko: "배정 GPU", en: "Awarded GPUs")),
        .number(context.say(ko: "이용 중", en: "In use")),
        .text(context.say(ko: "근거", en: "Basis")),
      ],
      empty: context.say(ko: "배분 물량이 없습니다.", en: "There are no pools."))
    let sums = Sums(programme)
    for (id, depth) in tree(programme) {
      let pool = programme.pools[id]
      let name = context.say(pool.name)
      table.rows.append([
        .html("<span class=\"depth d\(min(depth, 5))\">\(name)</span>", name),
        pool.share.map { .text("\($0.numerator)/\($0.denominator)") } ?? .none,
        .number(sums.offered[id] ?? 0), .number(sums.awarded[id] ?? 0),
        sums.used[id].map {
          .html("\($0.gpus.grouped) \(Pieces.simulated($0, context))", $0.gpus)
        } ?? .number(0),
        pool.basis.map {
          .html(Pieces.source($0, context), programme.sources[$0].publisher.value)
        } ?? .none,
      ])
    }
    let leaves = tree(programme).map(\.0).filter { (sums.offered[$0] ?? 0) > 0 }
    let bar = Plot.bar(
      leaves.map { (context.say(programme.pools[$0].name), sums.offered[$0] ?? 0) },
      title: context.say(ko: "선정된 GPU", en: "GPUs selected"))
    return Page(
      context.say(ko: "배분", en: "Pools"), in: .pools,
      [
        .html(
          leaves.isEmpty
            ? .none : Pieces.section(context.say(ko: "선정된 GPU", en: "GPUs selected"), bar)),
        .table(table), .table(prices(context)),
      ])
  }

  /// GPUs by pool, its own and not its children's.
  private struct Sums {
    var offered: [PoolID: Int64] = [:]
    var awarded: [PoolID: Int64] = [:]
    var used: [PoolID: GPUsInUse] = [:]

    init(_ programme: Programme) {
      programme.offers.forEach { _, offer in
        if offer.holdsCapacity { offered[offer.pool, default: 0] += offer.gpus }
      }
      programme.awards.forEach { _, award in
        if award.ended == nil { awarded[award.pool, default: 0] += award.gpus }
      }
      used = programme.gpusInUseByPool
    }
  }

  /// Parents before their children, with the depth.
  private static func tree(_ programme: Programme) -> [(PoolID, Int)] {
    var rows: [(PoolID, Int)] = []
    func add(_ parent: PoolID?, _ depth: Int) {
      for id in programme.pools.ids where programme.pools[id].parent == parent {
        rows.append((id, depth))
        add(id, depth + 1)
      }
    }
    add(nil, 0)
    return rows
  }

  private static func prices(_ context: PageContext) -> TableView {
    let programme = context.programme
    var table = TableView(
      "prices", caption: context.say(ko: "단가", en: "Prices"),
      columns: [
        .text(context.say(ko: "단가", en: "Price")), .text(context.say(ko: "기종", en: "Model")),
        .number(context.say(ko: "금액", en: "Amount")), .text(context.say(ko: "단위", en: "Unit")),
      ],
      empty: context.say(ko: "발표된 단가가 없습니다.", en: "No price was published."))
    programme.prices.forEach { _, price in
      table.rows.append([
        .text(price.slug.value),
        price.model.map { .text(programme.models[$0].name.value) } ?? .none,
        .number(price.amount), .text(price.unit.name(context.language)),
      ])
    }
    return table
  }
}
