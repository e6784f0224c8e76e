import MadangProgramme
import MadangViews

/// Where one's own work lies: what waits for each of one's roles, with the way there.
enum WorkList {
  static func html(_ context: PageContext) -> HTML {
    let items =
      (rounds(context) + amendments(context) + contracts(context) + handovers(context)
      + centres(context)).map { item -> HTML in
        "<li><a href=\"\(item.path)\">\(item.words[context.language])</a></li>\n"
      }
    if items.isEmpty { return .none }
    return Pieces.section(context.say(ko: "내 일", en: "Your work"), "<ul>\(items)</ul>")
  }

  private typealias Item = (path: String, words: Wording)

  private static func rounds(_ context: PageContext) -> [Item] {
    let (programme, caller) = (context.programme, context.caller)
    var items: [Item] = []
    for id in programme.rounds.ids {
      let state = programme.rounds[id]
      let (name, path) = (context.name(id), "/rounds/\(id)")
      switch state.stage {
      case .open where context.now >= state.round.closes:
        if caller.has(.reviewer), let person = caller.person {
          let count = programme.reviewing(id, by: person).open.count
          items.append(
            (
              path + "#review",
              Wording(
                ko: "\(name): 평가할 신청 \(count)건",
                en: "\(name): \(counted(count, "application")) to review")
            ))
        }
        if caller.has(.officer) {
          items.append((path, Wording(ko: "\(name): 선정안 기안", en: "\(name): draft the decision")))
        }
      case .drafted where caller.has(.approver):
        items.append(
          (
            path,
            Wording(ko: "\(name): 선정안 승인 또는 반려", en: "\(name): approve or return the draft")
          ))
      case .approved where caller.has(.officer):
        items.append((path, Wording(ko: "\(name): 선정 결과 공개", en: "\(name): publish the decision")))
      default: continue
      }
    }
    return items
  }

  private static func amendments(_ context: PageContext) -> [Item] {
    let programme = context.programme
    guard context.caller.has(.approver) else { return [] }
    return programme.amendments.ids.compactMap { id in
      let row = programme.amendments[id]
      guard row.standing == .drafted else { return nil }
      let name = "\(context.name(id)), \(context.name(row.award))"
      return (
        "/awards/\(row.award)",
        Wording(ko: "\(name): 승인 또는 반려", en: "\(name): approve or return")
      )
    }
  }

  /// Offers that a team may still conclude.
  private static func contracts(_ context: PageContext) -> [Item] {
    let programme = context.programme
    guard !context.caller.organisations.isEmpty else { return [] }
    return programme.offers.ids.compactMap { id in
      let offer = programme.offers[id]
      guard offer.standing == .open,
        context.caller.organisations.contains(offer.organisation)
      else { return nil }
      let (name, last) = (context.name(offer.application), context.date(offer.acceptBy))
      return (
        "/applications/\(offer.application)",
        Wording(
          ko: "\(name): \(last)까지 협약 체결", en: "\(name): conclude the contract by \(last)")
      )
    }
  }

  /// Servers that wait for the yes of one's team.
  private static func handovers(_ context: PageContext) -> [Item] {
    let programme = context.programme
    return programme.allocations.ids.compactMap { id in
      let row = programme.allocations[id]
      guard row.drift == .unconfirmed, context.caller.concerns(row.award, in: programme) else {
        return nil
      }
      let name = context.name(id)
      return (
        "/awards/\(row.award)#\(id)",
        Wording(ko: "\(name): 인수 확인", en: "\(name): confirm the servers")
      )
    }
  }

  /// An operator's clusters, and the lines that stand there.
  private static func centres(_ context: PageContext) -> [Item] {
    let programme = context.programme
    let clusters = context.caller.clusters.filter { programme.clusters.contains($0) }
    let lines = programme.lines.ids.filter { context.caller.runs($0, in: programme) }
    return clusters.map { id in
      let (name, count) = (context.shortName(id), programme.work(at: id).count)
      return (
        "/centres/\(id)#work", Wording(ko: "\(name): 할 일 \(count)건", en: "\(name): \(count) to do")
      )
    }
      + lines.map { id in
        let name = context.name(id)
        return (
          "/supply/\(id)",
          Wording(
            ko: "물량 \(name): 단계, 자산, 점검 기록",
            en: "Line \(name): record steps, servers and maintenance")
        )
      }
  }
}
