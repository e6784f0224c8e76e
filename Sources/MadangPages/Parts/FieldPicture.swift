import MadangProgramme
import MadangViews

/// Every promised GPU as one dot, row by row in the order of the groups. It is drawn here, so that
/// it is there with the page; the script draws the same dots again, to be moved and looked into.
///
/// ```
///  viewBox: a dot is 1 × 1        a group: the end of one row, whole rows, the start of another
///  ┌────────────┐                 ┌────────────┐
///  │aaaaabbbbbbb│                 │     ┌──────┤
///  │bbbbbbbbbbbb│                 ├─────┘      │
///  │bbbcccccc   │                 │  ┌─────────┘
///  └────────────┘                 └──┘
/// ```
enum FieldPicture {
  /// What the colours say.
  enum Colour: String, CaseIterable {
    case state, pool, use

    func name(_ context: PageContext) -> String {
      switch self {
      case .state: context.say(ko: "상태", en: "State")
      case .pool: context.say(ko: "배분 물량", en: "Pool")
      case .use: context.say(ko: "이용", en: "Use")
      }
    }
  }

  /// One colour of the picture: its number among `.s0` … `.s9`, and what it says.
  private struct Key: Equatable {
    let mark: Int
    let name: String
  }

  /// About the box's width over its height on a screen.
  private static let width: Int64 = 14
  private static let height: Int64 = 5

  static func section(_ groups: [FieldGroup], _ context: PageContext) -> HTML {
    let colour = context.query("colour").flatMap { Colour(rawValue: $0) } ?? .state
    let keys = groups.map { key(of: $0, colour, context) }
    return Pieces.section(
      context.say(ko: "마당: GPU 하나가 점 하나", en: "The yard: one dot a GPU"),
      """
      <div class="field-head"><p>\(context.say(
        ko: "약속된 GPU 모두를 점으로 찍었습니다. 같은 내용이 아래 표에 있습니다.",
        en: "Every promised GPU is one dot. The table below says the same.")) \
      <span class="screen">\(context.say(
        ko: "그림을 누른 뒤 휠이나 +, −로 확대하고, 끌거나 화살표로 옮깁니다.",
        en: "Press the picture, then zoom by wheel or + and −, and move by dragging or the arrows."
      ))</span></p>\
      \(choices(colour, context))</div>
      <div class="field" id="field" tabindex="0" role="application" \
      aria-label="\(context.say(ko: "모든 GPU의 그림", en: "Picture of all GPUs"))">
      \(picture(groups, keys, context))\
      <p class="tip" aria-live="polite"></p></div>
      \(legend(groups, keys))\(sum(groups, context))
      """, id: "yard")
  }

  private static func choices(_ chosen: Colour, _ context: PageContext) -> HTML {
    let links = Colour.allCases.map { colour -> HTML in
      let current: HTML = colour == chosen ? " aria-current=\"true\"" : ""
      let address = context.address("colour", colour == .state ? nil : colour.rawValue) + "#yard"
      return "<a href=\"\(address)\" rel=\"nofollow\"\(current)>\(colour.name(context))</a>"
    }
    return """
      <p class="choices"><span>\(context.say(ko: "색:", en: "Colour by"))</span> \(links)</p>
      """
  }

  private static func key(
    of group: FieldGroup, _ colour: Colour, _ context: PageContext
  ) -> Key {
    switch colour {
    case .state:
      // From what is only said to what is in use: pale to strong.
      let marks = [9, 8, 2, 5, 4, 1, 0]
      return Key(
        mark: group.isSimulated ? 6 : marks[group.state.rawValue],
        name: group.stateName(context.language))
    case .pool:
      guard let pool = group.pool else {
        return Key(mark: 9, name: context.say(ko: "배정되지 않음", en: "in nobody's award"))
      }
      return Key(
        mark: Int(pool.number - 1) % 9, name: context.say(context.programme.pools[pool].name))
    case .use:
      switch group.state {
      case .inUse:
        return Key(mark: group.isSimulated ? 6 : 0, name: group.stateName(context.language))
      case .awarded:
        return Key(mark: 1, name: context.say(ko: "배정, 아직 쓰지 않음", en: "awarded, not yet in use"))
      case .inService:
        return Key(mark: 4, name: context.say(ko: "가동, 배정 전", en: "in service, not awarded"))
      case .unattested, .promised, .contracted, .delivered:
        return Key(mark: 9, name: context.say(ko: "가동 전", en: "not in service yet"))
      }
    }
  }

  private static func picture(
    _ groups: [FieldGroup], _ keys: [Key], _ context: PageContext
  ) -> HTML {
    let total = groups.reduce(0) { $0 + $1.gpus }
    guard total > 0 else { return .none }
    var columns: Int64 = 1
    while columns * columns * height < total * width { columns += 1 }
    let rows = (total + columns - 1) / columns
    var html: HTML = """
      <svg viewBox="0 0 \(columns) \(rows)" preserveAspectRatio="none" \
      shape-rendering="crispEdges" aria-hidden="true">
      """
    var at: Int64 = 0
    for (group, key) in zip(groups, keys) {
      let (first, start) = (at / columns, at % columns)
      at += group.gpus
      let (last, end) = (at / columns, at % columns)
      let outline =
        first == last
        ? "M\(start) \(first)H\(end)V\(first + 1)H\(start)Z"
        : "M\(start) \(first)H\(columns)V\(last)H\(end)V\(last + 1)H0V\(first + 1)H\(start)Z"
      html += """
        <path class="s\(key.mark)" data-gpus="\(group.gpus)" d="\(outline)">\
        <title>\(group.name[context.language]): \(key.name), \(group.gpus.grouped) GPU</title>\
        </path>
        """
    }
    return html + "</svg>"
  }

  private static func legend(_ groups: [FieldGroup], _ keys: [Key]) -> HTML {
    var sums: [(key: Key, gpus: Int64)] = []
    for (group, key) in zip(groups, keys) {
      if let place = sums.firstIndex(where: { $0.key == key }) {
        sums[place].gpus += group.gpus
      } else {
        sums.append((key, group.gpus))
      }
    }
    let items = sums.map { sum -> HTML in
      """
      <li elementtiming="field"><i class="s\(sum.key.mark)"></i>\(sum.key.name) \
      <b>\(sum.gpus.grouped)</b></li>
      """
    }
    // Its paint says that the picture before it is there, to whoever measures.
    return "<ul class=\"legend\">\(items)</ul>\n"
  }

  /// Where the lines add up to something else than the target, that is said.
  private static func sum(_ groups: [FieldGroup], _ context: PageContext) -> HTML {
    guard let target = context.programme.target?.value else { return .none }
    let sum = groups.reduce(0) { $0 + $1.gpus }
    if sum == target { return .none }
    return """
      <p class="note">\(context.say(
        ko: "물량을 더하면 \(sum.grouped)장으로 목표 \(target.grouped)장과 다릅니다. 발표끼리 서로 맞지 않기 "
          + "때문이며, 어느 쪽도 고치지 않았습니다.",
        en: "The lines add up to \(sum.grouped), not to the target of "
          + "\(target.grouped): the announcements do not agree, and neither was "
          + "changed."))</p>
      """
  }
}
