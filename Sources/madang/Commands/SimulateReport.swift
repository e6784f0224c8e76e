import Foundation
import MadangProgramme
import MadangSimulator
import MadangViews

/// A report of one page that needs nothing else: figures, plots as SVG, in Korean and English.
struct SimulateReport {
  private let runs: [SimulateRun]
  private let simulation: Simulation
  private let source: String
  private static let colours = [
    "#1b6ac9", "#d1495b", "#2e933c", "#8d5a97", "#e09f3e", "#00798c", "#6b4226", "#555555",
  ]

  init(_ runs: [SimulateRun], _ simulation: Simulation, source: String) {
    self.runs = runs
    self.simulation = simulation
    self.source = source
  }

  var html: String {
    let korean = Output(language: .ko, json: false)
    let english = Output(language: .en, json: false)
    let view = SimulateView(runs: runs, simulation: simulation, source: source)
    var body = "<h1>모의실험 보고서 <span>Simulation report</span></h1>\n"
    body += "<p><strong>모의실험입니다. 실제 기록이 아닙니다.</strong> "
    body += "<em>Everything on this page is simulated.</em></p>\n"
    for (output, language) in [(korean, "ko"), (english, "en")] {
      body += "<section lang=\"\(language)\"><p>\(escaped(view.head(output)))</p>\n"
      body += view.tables(output).map(SimulateReport.html).joined() + "</section>\n"
    }
    body += "<h2>활용 <span>GPUs held over time</span></h2>\n" + held()
    for run in runs where simulation.jobs.pools.count > 1 {
      body += "<h2>몫: \(escaped(run.label)) <span>held by pool over time</span></h2>\n"
      body += shares(run)
      body += "<h2>배분 물량별 대기: \(escaped(run.label)) <span>mean wait by pool</span></h2>\n"
      body += bars(waitsByPool(run), most: runs.flatMap(waitsByPool).map(\.1).max())
    }
    for run in runs {
      body += "<h2>크기별 대기: \(escaped(run.label)) <span>mean wait by size</span></h2>\n"
      body += bars(waitsBySize(run), most: runs.flatMap(waitsBySize).map(\.1).max())
    }
    return SimulateReport.page(body)
  }

  /// Two futures of a state.
  static func html(_ view: WhatIfView) -> String {
    let (korean, english) = (Output(language: .ko, json: false), Output(language: .en, json: false))
    var body = "<h1>두 앞날 <span>Two futures</span></h1>\n"
    body += "<p><strong>모의실험입니다. 실제 기록이 아닙니다.</strong> "
    body += "<em>Everything on this page is simulated.</em></p>\n"
    for (output, language) in [(korean, "ko"), (english, "en")] {
      let words = view.words(output).map { "<p>\(escaped($0))</p>" }.joined()
      body += "<section lang=\"\(language)\">\(words)\n\(html(view.table(output)))</section>\n"
    }
    return page(body)
  }

  /// A browser's letters are not as wide as a terminal's: columns are its own to line up.
  private static func html(_ table: Table) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      let parts = zip(cells, table.columns).map { cell, column in
        let side = column.alignment == .right ? " class=\"right\"" : ""
        return "<\(tag)\(side)>\(escaped(cell))</\(tag)>"
      }
      return "<tr>\(parts.joined())</tr>"
    }
    let rows = table.rows.map { row($0, "td") }.joined(separator: "\n")
    let head = row(table.columns.map(\.title), "th")
    return "<div class=\"wide\"><table><thead>\(head)</thead>\n<tbody>\(rows)</tbody></table>"
      + "</div>\n"
  }

  // MARK: - Plots

  private struct Line {
    let name: String
    let colour: String
    /// Hours and per cent of capacity.
    let points: [(x: Double, y: Double)]
  }

  private func held() -> String {
    let lines = runs.enumerated().map { index, run in
      let timeline = run.outcome.timeline
      let points = (0..<timeline.count).map { sample in
        let there = Double(max(1, timeline.capacity[sample])) * 1_000
        return (hours(timeline, sample), Double(timeline.heldMilli[sample]) / there * 100)
      }
      return Line(name: run.label, colour: colour(index), points: points)
    }
    return plot(lines)
  }

  private func shares(_ run: SimulateRun) -> String {
    let timeline = run.outcome.timeline
    // The pools that hold most; more lines than colours nobody can tell apart.
    let order = run.summary.pools.indices.sorted {
      let a = run.summary.pools[$0].held.over
      let b = run.summary.pools[$1].held.over
      return (b, $0) < (a, $1)
    }.prefix(SimulateReport.colours.count)
    let lines = order.enumerated().map { index, pool in
      let points = (0..<timeline.count).map { sample in
        let there = Double(max(1, timeline.capacity[sample]))
        let busy = Double(timeline.busy[sample * timeline.pools + pool])
        return (hours(timeline, sample), busy / there * 100)
      }
      return Line(name: run.summary.pools[pool].name, colour: colour(index), points: points)
    }
    return plot(lines)
  }

  private func hours(_ timeline: MadangSimulator.Timeline, _ sample: Int) -> Double {
    Double(timeline.time(sample) - timeline.start) / Double(simulation.jobs.ticksPerSecond) / 3_600
  }

  private func colour(_ index: Int) -> String {
    SimulateReport.colours[index % SimulateReport.colours.count]
  }

  private func plot(_ lines: [Line]) -> String {
    let (width, height, left, below) = (880.0, 260.0, 50.0, 30.0)
    let most = max(1e-9, lines.flatMap(\.points).map(\.x).max() ?? 1)
    var svg = "<svg viewBox=\"0 0 960 340\" role=\"img\">"
    for percent in stride(from: 0, through: 100, by: 25) {
      let y = height - height * Double(percent) / 100 + 10
      svg += "<line x1=\"\(left)\" x2=\"\(left + width)\" y1=\"\(y)\" y2=\"\(y)\" class=\"grid\"/>"
      svg += "<text x=\"\(left - 6)\" y=\"\(y + 4)\" class=\"end\">\(percent) %</text>"
    }
    for part in 0...6 {
      let x = left + width * Double(part) / 6
      let hours = most * Double(part) / 6
      let label = most > 96 ? String(format: "%.0f d", hours / 24) : String(format: "%.1f h", hours)
      svg += "<text x=\"\(x)\" y=\"\(height + below)\" class=\"mid\">\(label)</text>"
    }
    for line in lines {
      let path = SimulateReport.smoothed(line.points).map { point in
        String(
          format: "%.1f,%.1f", left + width * point.x / most,
          10 + height - height * min(100, point.y) / 100)
      }.joined(separator: " ")
      svg += "<polyline fill=\"none\" points=\"\(path)\" stroke=\"\(line.colour)\"/>"
    }
    for (index, line) in lines.enumerated() {
      let x = left + Double(index % 4) * 220
      let y = 310 + Double(index / 4) * 18
      svg += "<rect x=\"\(x)\" y=\"\(y - 9)\" width=\"12\" height=\"10\" fill=\"\(line.colour)\"/>"
      svg +=
        "<text x=\"\(x + 18)\" y=\"\(y)\">\(escaped(Table.shortened(line.name, to: 24)))</text>"
    }
    return svg + "</svg>\n"
  }

  /// Means of neighbours, so that there are no more points than an eye tells apart.
  private static func smoothed(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    let each = (points.count + 239) / 240
    guard each > 1 else { return points }
    return stride(from: 0, to: points.count, by: each).map { first in
      let part = points[first..<min(points.count, first + each)]
      let count = Double(part.count)
      return (part.reduce(0) { $0 + $1.x } / count, part.reduce(0) { $0 + $1.y } / count)
    }
  }

  private func waitsByPool(_ run: SimulateRun) -> [(String, Double, Int)] {
    run.summary.pools.prefix(24).map { ($0.name, hours($0.wait.mean), $0.wait.count) }
  }

  private func waitsBySize(_ run: SimulateRun) -> [(String, Double, Int)] {
    let jobs = run.outcome.jobs
    var sums = Array(repeating: (Int128(0), 0), count: 22)
    for job in 0..<jobs.count where run.outcome.started[job] >= 0 {
      let size = max(1, Int(jobs.gpus[job]))
      let doubling = min(21, Int.bitWidth - 1 - size.leadingZeroBitCount)
      sums[doubling].0 += Int128(run.outcome.started[job] - jobs.submit[job])
      sums[doubling].1 += 1
    }
    return sums.enumerated().filter { $0.element.1 > 0 }.map { doubling, sum in
      let low = 1 << doubling
      let name = doubling == 0 ? "≤ 1 GPU" : "\(low)–\(low * 2 - 1) GPU"
      return (name, hours(Fraction(sum.0, Int128(sum.1))), sum.1)
    }
  }

  private func hours(_ ticks: Fraction) -> Double {
    Double(ticks.over) / Double(max(1, ticks.under)) / Double(simulation.jobs.ticksPerSecond)
      / 3_600
  }

  /// All runs on one scale, so that they can be compared.
  private func bars(
    _ rows: [(name: String, hours: Double, count: Int)], most: Double?
  ) -> String {
    let most = max(1e-9, most ?? 1)
    var svg = "<svg viewBox=\"0 0 960 \(rows.count * 22 + 10)\" role=\"img\">"
    for (index, row) in rows.enumerated() {
      let y = Double(index * 22 + 16)
      let width = 560 * row.hours / most
      svg +=
        "<text x=\"180\" y=\"\(y)\" class=\"end\">"
        + escaped(Table.shortened(row.name, to: 24)) + "</text>"
      svg +=
        "<rect x=\"190\" y=\"\(y - 11)\" width=\"\(String(format: "%.1f", width))\" height=\"14\" "
      svg += "fill=\"\(colour(0))\"/>"
      let label = String(format: "%.2f h (%d)", row.hours, row.count)
      svg += "<text x=\"\(String(format: "%.1f", 196 + width))\" y=\"\(y)\">\(label)</text>"
    }
    return svg + "</svg>\n"
  }

  private func escaped(_ text: String) -> String { SimulateReport.escaped(text) }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
  }

  private static func page(_ body: String) -> String {
    """
    <!doctype html>
    <html lang="ko"><head><meta charset="utf-8"><title>Madang: simulated</title>
    <meta name="viewport" content="width=device-width">
    <style>
    body { font: 15px/1.5 system-ui, "Noto Sans KR", sans-serif; max-width: 62rem;
      margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
    h1 span, h2 span { font-weight: 400; color: #666; font-size: .8em }
    .wide { overflow-x: auto; margin: 0 0 1rem }
    table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums }
    th, td { padding: .1rem .7rem; text-align: left; border-bottom: 1px solid #e4e4e4 }
    th { border-bottom: 1px solid #888; font-weight: 600 } .right { text-align: right }
    section + section { margin-top: 2rem } svg { width: 100%; height: auto; font-size: 12px }
    polyline { fill: none; stroke-width: 1.5 } .grid { stroke: #ddd } text { fill: #333 }
    .end { text-anchor: end } .mid { text-anchor: middle }
    </style></head><body>
    \(body)</body></html>

    """
  }
}
