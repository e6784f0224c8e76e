import MadangProgramme
import MadangViews

/// An award's allocations, a card each: what should be, what was read back, what differs.
enum AllocationCards {
  static func html(of id: AwardID, _ found: AwardFacts, _ context: PageContext) -> HTML {
    let programme = context.programme
    let ids = programme.allocations.ids.filter { programme.allocations[$0].award == id }
    let title = context.say(ko: "할당: 설정값과 실제값", en: "Allocations: desired and observed")
    if ids.isEmpty {
      return Pieces.section(
        title, Pieces.empty(context.say(ko: "아직 할당이 없습니다.", en: "Nothing is allocated yet.")))
    }
    let cards = ids.map { card($0, found.observed[$0], context) }
    return Pieces.section(title, "<div class=\"cards\">\(cards)</div>")
  }

  private static func card(
    _ id: AllocationID, _ found: AwardFacts.Observed?, _ context: PageContext
  ) -> HTML {
    let programme = context.programme
    let row = programme.allocations[id]
    let simulated = programme.bindings.row(row.cluster)?.engine?.simulated == true
    let tone: Pieces.Tone =
      row.isEnforced ? .good : row.drift != nil ? .bad : .plain
    var facts: [(name: String, value: HTML)] = [
      (
        context.say(ko: "클러스터", en: "Cluster"),
        "\(context.name(row.cluster)) \(simulated ? Pieces.simulated(context) : .none)"
      ),
      (
        context.say(ko: "쓸 수 있게 된 때", en: "Usable since"),
        "\(row.firstUse.map { context.time($0) } ?? "–")"
      ),
      (context.say(ko: "장애로 잃은 시간", en: "Lost to outages"), "\(context.hours(row.outage))"),
    ]
    facts += LendingTable.facts(of: id, context)
    // What it left behind and is not back yet.
    let aside = programme.leavings(of: id, context.language).map {
      "<p class=\"note\">\($0)</p>" as HTML
    }
    return """
      <article class="card" id="\(id)"><h3>\(context.name(id)) \
      \(Pieces.badge(programme.standing(of: row, context.language), tone))</h3>
      \(Pieces.facts(facts))\(aside)\(sides(row, found, context))\
      \(confirmation(id, row, found, context))</article>

      """
  }

  /// The operator's list of servers, and the team's yes to it: the form sends the digest of the
  /// very list that was read back, so that nobody confirms another.
  private static func confirmation(
    _ id: AllocationID, _ row: Allocation, _ found: AwardFacts.Observed?, _ context: PageContext
  ) -> HTML {
    guard row.drift == .unconfirmed, context.caller.reads(row.award, in: context.programme),
      let assets = found?.found?.assets?.hex
    else { return .none }
    let digest: HTML = """
      <p class="note">\(context.say(
        ko: "운영사업자가 넘긴 서버 목록의 SHA-256", en: "SHA-256 of the operator's list of servers"))<br>
      <code>\(assets)</code></p>

      """
    let list = waiting(row, context) + digest
    guard context.caller.concerns(row.award, in: context.programme) else { return list }
    guard context.caller.isMember(of: row.award, in: context.programme) else {
      return list + """
        <p class="note">\(context.say(
          ko: "인수 확인은 이 배정의 참여인력이 합니다. 아래 ‘참여인력’에 먼저 추가하십시오.",
          en: "It is a member of the award who confirms: add one under ‘Members’ first."))</p>
        """
    }
    return list
      + ActionForm.html(
        "confirmHandover", given: [("allocation", "\(id)"), ("assets", assets)],
        back: "/awards/\(row.award)#\(id)", context)
  }

  /// What the team's answer changes, and what it does not: said while the clock waits for it.
  private static func waiting(_ row: Allocation, _ context: PageContext) -> HTML {
    guard let since = row.driftSince, row.lending == nil,
      context.programme.awards[row.award].clock == nil
    else { return .none }
    let from = context.time(since)
    return """
      <p class="note">\(context.say(
        ko: "서버는 \(from)부터 팀에 있습니다. 언제 확인하든 이용 기간은 그날부터 셉니다. 목록이 다르면 확인하지 말고 "
          + "운영사업자에게 고치게 하십시오.",
        en: "The servers are the team's since \(from): the term counts from that day, whenever "
          + "they are confirmed. If the list is wrong, do not confirm it, and have the operator "
          + "set it right."))</p>

      """
  }

  /// Desired and observed side by side, line by line, with what differs marked.
  private static func sides(
    _ row: Allocation, _ found: AwardFacts.Observed?, _ context: PageContext
  ) -> HTML {
    let programme = context.programme
    let yes = context.say(ko: "예", en: "yes")
    let no = context.say(ko: "아니오", en: "no")
    let seen = found?.found
    let limit = programme.words(for: row.binding, context.language)
    let reserved: Int64? = if case .reserved(let gpus) = row.binding { gpus } else { nil }
    // Nothing is said to differ of what was never read, or is not due yet.
    let isDue = context.today.map { $0 >= row.term.from } ?? true
    let lines: [(HTML, String, String, Bool?)] = [
      (
        "\(context.say(ko: "한도", en: "Limit"))", row.isBound ? limit : "–",
        seen.map { programme.words(for: $0.limit, context.language) } ?? "–",
        found.flatMap { _ in
          row.isBound ? seen.map { $0.limit == row.binding } ?? (isDue ? false : nil) : seen == nil
        }
      ),
      (
        "\(context.say(ko: "쓸 수 있는 GPU", en: "GPUs ready"))", reserved?.grouped ?? "–",
        reserved == nil ? "–" : seen?.readyGPUs.grouped ?? "–",
        reserved.flatMap { wanted in
          seen.flatMap { $0.readyGPUs >= wanted ? true : isDue ? false : nil }
        }
      ),
      (
        "\(context.say(ko: "정지", en: "Suspended"))", row.standing == .suspended ? yes : no,
        seen.map { $0.suspended ? yes : no } ?? "–",
        seen.map { $0.suspended == (row.standing == .suspended) }
      ),
      (
        "\(context.say(ko: "세대", en: "Generation"))", "\(row.generation)",
        found?.generation.map { "\($0)" } ?? "–",
        found.map { ($0.generation ?? -1) >= row.generation }
      ),
    ]
    // A budget has no GPUs of its own.
    let shown = lines.filter { reserved != nil || $0.1 != "–" || $0.2 != "–" }
    let body = shown.map { name, desired, observed, isSame -> HTML in
      let mark: HTML = isSame.map { $0 ? "=" : "≠" } ?? .none
      let tone: HTML = isSame == false ? " class=\"differs\"" : .none
      return """
        <tr\(tone)><th scope="row">\(name)</th><td>\(desired)</td><td>\(mark)</td>\
        <td>\(observed)</td></tr>

        """
    }
    let read = found.map { context.time($0.at) } ?? context.say(ko: "아직 없음", en: "not yet")
    let none = found == nil ? "–" : context.say(ko: "없음", en: "none")
    let drift = row.drift.map { drift in
      drift.name(context.language)
        + (row.driftSince.map { context.say(ko: ", ", en: ", since ") + context.time($0) } ?? "")
    }
    return """
      <table class="sides"><thead><tr><td></td><th scope="col">\(context.say(
        ko: "설정값", en: "Desired"))</th><td></td><th scope="col">\(context.say(
        ko: "실제값", en: "Observed"))</th></tr></thead><tbody>\(body)</tbody></table>
      <p class="note">\(context.say(ko: "읽은 때", en: "Read back")): \(read) · \
      \(context.say(ko: "불일치", en: "Drift")): \(drift ?? none)</p>
      """
  }
}
