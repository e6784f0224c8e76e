import MadangProgramme
import MadangViews

/// What months came to: by which price, at which rate, what was cut off, and what is due.
enum SettlementTable {
  /// Of one award, or of all that the caller may see.
  static func table(_ context: PageContext, of award: AwardID? = nil) -> TableView {
    let currency = context.programme.charter?.currency.value.uppercased() ?? ""
    func money(_ ko: String, _ en: String) -> TableView.Column {
      .number(context.say(ko: ko, en: en) + " (\(currency))")
    }
    var columns: [TableView.Column] = [
      .text(context.say(ko: "월", en: "Month")),
      .number(
        context.say(ko: "GPU시간", en: "GPU hours"),
        exported: context.say(ko: "GPU초", en: "GPU-seconds")),
      .text(context.say(ko: "단가", en: "Price")),
      .text(context.say(ko: "부담률", en: "Rate")),
      money("버린 금액", "Cut off"), money("이용자 부담금", "Charge"),
    ]
    if award == nil { columns.insert(.text(context.say(ko: "배정", en: "Award")), at: 1) }
    var table = TableView(
      award == nil ? "settlements" : "charges",
      caption: context.say(ko: "정산", en: "Settlements"), columns: columns,
      empty: context.say(ko: "아직 정산한 달이 없습니다.", en: "No month is settled yet."))
    context.programme.settlements.forEach { id, row in
      guard award.map({ $0 == row.award }) ?? context.caller.reads(row.award, in: context.programme)
      else { return }
      var cells = row.cells(context)
      if award == nil {
        cells.insert(.link(row.award, context.name(row.award), "awards"), at: 1)
      }
      table.rows.append(cells)
    }
    return table
  }

  /// On the page of all accounts: for whoever has something to see there.
  static func ofAll(_ context: PageContext) -> [Page.Part] {
    let table = table(context)
    return table.rows.isEmpty && !context.caller.readsOffice ? [] : [.table(table)]
  }
}

extension Settlement {
  fileprivate func cells(_ context: PageContext) -> [TableView.Cell] {
    let name = context.month(month)
    let further = context.say(ko: "정정분", en: "correction")
    let price: String? = terms.map {
      "\(context.programme.prices[$0.price].slug): \(context.money($0.unitPrice)) "
        + $0.unit.name(context.language)
    }
    let rate: String? = terms.map { terms in
      let reduced = terms.discount.map {
        context.say(ko: ", \($0.percent) 감면", en: ", \($0.percent) off")
      }
      return terms.rate.percent + (reduced ?? "")
    }
    return [
      amends == nil
        ? .html("\(name)", "\(month)") : .html("\(name), \(further)", "\(month) \(further)"),
      seconds.map { .html("\(context.bareHours($0.count))", $0.count) } ?? .none,
      price.map { .text($0) } ?? .none, rate.map { .text($0) } ?? .none,
      remainder.map { .html("\($0.exact)", $0.exact) } ?? .none, .number(amount),
    ]
  }
}

extension Ratio {
  /// `4.2` where three places are exact, else `4 1/3`.
  var exact: String {
    let (whole, rest) = (numerator / denominator, numerator % denominator)
    if rest == 0 { return "\(whole)" }
    let thousandths = Int128(rest) * 1_000
    guard thousandths % Int128(denominator) == 0 else {
      return whole == 0 ? "\(self)" : "\(whole) \(rest)/\(denominator)"
    }
    var digits = "\(thousandths / Int128(denominator))"
    digits = String(repeating: "0", count: 3 - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(whole).\(digits)"
  }
}
