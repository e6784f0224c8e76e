import MadangProgramme
import MadangViews

/// Amounts over equal periods, and parts of wholes beside each other.
extension Plot {
  /// One amount over the periods; `mark` is its colour, the number of `.s0` … `.s9`.
  struct Stream {
    let name: String
    let mark: Int
    let values: [Int64]
  }

  /// The streams flow one on another, from the middle of a period to the middle of the next; what
  /// is first lies at the bottom. Those that are nothing throughout are left out.
  ///
  /// `labels` name the periods, as many as there are values.
  static func streams(
    _ streams: [Stream], labels: [String], title: String, _ context: PageContext
  ) -> HTML {
    let shown = streams.filter { $0.values.contains { $0 > 0 } }
    let count = labels.count
    guard count > 0, !shown.isEmpty else { return .none }
    let most = (0..<count).map { place in shown.reduce(0) { $0 + $1.values[place] } }.max() ?? 1
    let top = roundUp(max(1, most))
    /// In thousandths of the plot's width.
    func x(_ thousandths: Int64) -> Int64 {
      left + (width - left) * thousandths / (1_000 * Int64(count))
    }
    func y(_ value: Int64) -> Int64 { height - bottom - (height - bottom - 12) * value / top }
    // The ends reach to the edges, so that one period is a band and not a line.
    let places =
      [(Int64(0), 0)] + (0..<count).map { (Int64($0) * 1_000 + 500, $0) }
      + [(Int64(count) * 1_000, count - 1)]
    var base = [Int64](repeating: 0, count: count)
    var shapes: [HTML] = []
    for stream in shown {
      let upper = places.map { "\(x($0.0)),\(y(base[$0.1] + stream.values[$0.1]))" }
      let lower = places.reversed().map { "\(x($0.0)),\(y(base[$0.1]))" }
      for place in 0..<count { base[place] += stream.values[place] }
      shapes.append(
        """
        <polygon class="s\(stream.mark)" points="\((upper + lower).joined(separator: " "))">\
        <title>\(stream.name)</title></polygon>
        """)
    }
    let every = max(1, (count + 7) / 8)
    let ticks = labels.indices.filter { $0 % every == 0 }.map { place -> HTML in
      """
      <text class="tick" x="\(x(Int64(place) * 1_000 + 500))" y="\(height - 8)" \
      text-anchor="middle">\(labels[place])</text>
      """
    }
    return """
      <figure class="plot"><div class="scroll" tabindex="0" role="region" \
      aria-label="\(context.say(ko: "그림: ", en: "Plot: "))\(title)">\
      <svg viewBox="0 0 \(width) \(height)" role="img" aria-label="\(title)">
      \(grid(top, y))\(shapes)\(ticks)</svg></div>
      <figcaption>\(title)</figcaption>\
      \(legend(shown.map { (name: $0.name, mark: $0.mark) }))</figure>

      """
  }

  static func legend(_ parts: [(name: String, mark: Int)]) -> HTML {
    let items = parts.map { "<li><i class=\"s\($0.mark % 10)\"></i>\($0.name)</li>" as HTML }
    return "<ul class=\"legend\">\(items)</ul>"
  }

  /// Bars under each other, each in the same parts; the longest is as wide as the page.
  static func bars(
    _ rows: [(name: String, values: [Int64])], parts: [String], title: String
  ) -> HTML {
    let most = max(1, rows.map { $0.values.reduce(0, +) }.max() ?? 1)
    let bars = rows.map { row -> HTML in
      var from: Int64 = 0
      let shapes = row.values.enumerated().map { index, value -> HTML in
        let start = Int64(Int128(from) * 960 / Int128(most))
        from += value
        let end = Int64(Int128(from) * 960 / Int128(most))
        return """
          <rect class="s\(index % 10)" x="\(start)" y="0" width="\(end - start)" height="20">\
          <title>\(parts[index]): \(value.grouped)</title></rect>
          """
      }
      return """
        <li><span>\(row.name) <b class="n">\(from.grouped)</b></span>\
        <svg viewBox="0 0 960 20" preserveAspectRatio="none" aria-hidden="true">\(shapes)</svg></li>

        """
    }
    return """
      <figure class="plot bars"><figcaption>\(title)</figcaption><ol>\(bars)</ol>\
      \(legend(parts))</figure>

      """
  }
}
