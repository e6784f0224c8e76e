import MadangProgramme
import MadangViews

/// Plots as SVG, made here, with whole-number coordinates. Behind each stands its table.
enum Plot {
  /// Amounts over days, stacked: what is first lies at the bottom.
  struct Layer {
    let name: String
    let steps: StepFunction
  }

  static let width: Int64 = 960
  static let height: Int64 = 280
  static let left: Int64 = 64
  static let bottom: Int64 = 28

  /// A staircase over `term`; the colours are those of `.s0` … `.s9` in the stylesheet, and the
  /// layers are told apart by their labels too.
  static func stacked(
    _ layers: [Layer], over term: Term, title: String, mark: Day?, _ context: PageContext
  ) -> HTML {
    let days = Int64(term.dayCount)
    var edges = [term.from]
    for layer in layers {
      edges += layer.steps.steps.map(\.from).filter { term.contains($0) && $0 > term.from }
    }
    edges = Array(Set(edges)).sorted()
    let most = max(
      1, edges.map { day in layers.reduce(0) { $0 + $1.steps.value(on: day) } }.max() ?? 1)
    let top = roundUp(most)
    func x(_ day: Day) -> Int64 {
      left + (width - left) * Int64(term.from.distance(to: day)) / max(1, days)
    }
    func y(_ value: Int64) -> Int64 { height - bottom - (height - bottom - 12) * value / top }
    var shapes = HTML.none
    var base = [Int64](repeating: 0, count: edges.count)
    for (index, layer) in layers.enumerated() {
      var upper = ""
      var lower: [String] = []
      for (place, day) in edges.enumerated() {
        let next = place + 1 < edges.count ? edges[place + 1] : term.to
        let sum = base[place] + layer.steps.value(on: day)
        upper += "\(x(day)),\(y(sum)) \(x(next)),\(y(sum)) "
        lower.append("\(x(next)),\(y(base[place])) \(x(day)),\(y(base[place]))")
        base[place] = sum
      }
      let points = upper + lower.reversed().joined(separator: " ")
      shapes += """
        <polygon class="s\(index % 10)" points="\(points)"><title>\(layer.name)</title>\
        </polygon>
        """
    }
    return """
      <figure class="plot"><div class="scroll" tabindex="0" role="region" \
      aria-label="\(context.say(ko: "그림: ", en: "Plot: "))\(title)">\
      <svg viewBox="0 0 \(width) \(height)" role="img" aria-label="\(title)">
      \(grid(top, y))\(months(term, x, context))\(shapes)\(line(mark, term, x))</svg></div>
      <figcaption>\(title)</figcaption>\(legend(layers.map(\.name)))</figure>
      """
  }

  static func grid(_ top: Int64, _ y: (Int64) -> Int64) -> [HTML] {
    (0...4).map { part in
      let value = top * Int64(part) / 4
      return """
        <line class="grid" x1="\(left)" x2="\(width)" y1="\(y(value))" y2="\(y(value))"/>\
        <text class="tick" x="\(left - 8)" y="\(y(value) + 4)" text-anchor="end">\
        \(value.grouped)</text>
        """
    }
  }

  private static func months(
    _ term: Term, _ x: (Day) -> Int64, _ context: PageContext
  ) -> [HTML] {
    var ticks: [Day] = []
    var month = Month(of: term.from)
    if month.first < term.from { month = month.next }
    while month.first < term.to {
      ticks.append(month.first)
      month = month.next
    }
    let every = max(1, (ticks.count + 11) / 12)
    return ticks.enumerated().filter { $0.offset % every == 0 }.map { _, day in
      let text = String(day.description.dropLast(3))
      return """
        <text class="tick" x="\(x(day))" y="\(height - 8)" text-anchor="middle">\(text)</text>
        """
    }
  }

  private static func line(_ day: Day?, _ term: Term, _ x: (Day) -> Int64) -> HTML {
    guard let day, term.contains(day) else { return .none }
    return
      "<line class=\"today\" x1=\"\(x(day))\" x2=\"\(x(day))\" y1=\"8\" y2=\"\(height - bottom)\"/>"
  }

  static func legend(_ names: [String]) -> HTML {
    let parts = names.enumerated().map { index, name -> HTML in
      "<li><i class=\"s\(index % 10)\"></i>\(name)</li>"
    }
    return "<ul class=\"legend\">\(parts)</ul>"
  }

  /// One bar in parts, told apart by label; the parts' table stands beside it.
  static func bar(_ parts: [(name: String, value: Int64)], title: String) -> HTML {
    let sum = max(1, parts.reduce(0) { $0 + $1.value })
    var from: Int64 = 0
    var shapes: [HTML] = []
    for (index, part) in parts.enumerated() where part.value > 0 {
      let start = Int64(Int128(from) * 960 / Int128(sum))
      from += part.value
      let end = Int64(Int128(from) * 960 / Int128(sum))
      shapes.append(
        """
        <rect class="s\(index % 10)" x="\(start)" y="0" width="\(max(1, end - start))" height="36">\
        <title>\(part.name): \(part.value.grouped)</title></rect>
        """)
    }
    return """
      <figure class="plot bar"><svg viewBox="0 0 960 36" role="img" aria-label="\(title)" \
      preserveAspectRatio="none">\(shapes)</svg>\
      \(legend(parts.map { "\($0.name) \($0.value.grouped)" }))</figure>
      """
  }

  /// 1, 2 or 5 times a power of ten, not below `value`.
  static func roundUp(_ value: Int64) -> Int64 {
    var power: Int64 = 4
    while true {
      for factor: Int64 in [1, 2, 3, 5] where power * factor >= value { return power * factor }
      power *= 10
    }
  }
}
