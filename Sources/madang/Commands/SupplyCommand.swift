import ArgumentParser
import Foundation
import MadangProgramme
import MadangViews

struct SupplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "supply",
    abstract: "Promised, contracted, delivered and in service, against the target.",
    discussion: """
      Examples:
        madang supply
        madang supply --on 2026-12-31 --json
        madang supply capacity --from 2026-03-01 --to 2027-03-01
      """,
    subcommands: [SupplyShow.self, SupplyCapacity.self, SupplyLine.self],
    defaultSubcommand: SupplyShow.self)
}

struct SupplyShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "The state of the supply on a day.")

  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: ArgumentHelp("The day; else the programme's today.", valueName: "day"))
  var on: String?

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let day = try programme.day(on, output)
    let summary = programme.supplySummary(on: day)
    output.print(
      text: SupplyView.text(summary, programme, output),
      json: programme.json(summary))
  }
}

struct SupplyCapacity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capacity",
    abstract: "Awardable GPUs by day, for each owner, site and model.",
    discussion: "In service − spares − operator's share − maintenance. Half-open days.")

  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: ArgumentHelp("From this day.", valueName: "day")) var from: String?
  @Option(name: .long, help: ArgumentHelp("To before this day.", valueName: "day")) var to: String?
  @Option(name: .long, help: "Count only steps at least this sure.")
  var confidence: String = Confidence.announced.rawValue

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    guard let minimum = Confidence(rawValue: confidence) else {
      throw Failure.choice(confidence, Confidence.allCases.map(\.rawValue), output)
    }
    let start = try programme.day(from, output)
    let end = try to.map { try programme.day($0, output) } ?? start.advanced(by: 366)
    guard let term = Term(from: start, to: end) else {
      throw Failure.usage(output, ko: "--to는 --from 뒤여야 합니다.", en: "--to must come after --from.")
    }
    let rows = SupplyView.capacity(programme, term, minimum)
    output.print(
      text: SupplyView.capacityText(rows, programme, output),
      json: SupplyView.capacityJSON(rows, programme))
  }
}

struct SupplyLine: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "line", abstract: "One line with its steps, evidence and units.")

  @OptionGroup var common: CommonOptions
  @Argument(help: "line-2, or its short name.") var line: String

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    guard let id = programme.line(line) else { throw Failure.unknown(line, output) }
    let history = programme.lines[id]
    var table = Table([
      (output.say(ko: "단계", en: "state"), .left), ("GPU", .right),
      (output.say(ko: "날짜", en: "day"), .left), (output.say(ko: "확실성", en: "confidence"), .left),
      (output.say(ko: "출처", en: "source"), .left), (output.say(ko: "근거", en: "evidence"), .left),
    ])
    for step in history.steps {
      table.add(
        step.state.name(output.language)
          + (step.planned ? output.say(ko: " (예정)", en: " (planned)") : ""),
        step.gpus.grouped, step.on.description, step.confidence.name(output.language),
        programme.sources[step.source].publisher.value,
        Table.shortened(step.evidence?[output.language] ?? "", to: 72))
    }
    let units = history.units.map { unit in
      output.say(
        ko: "자산 \(unit.servers)대, 일련번호 \(unit.firstSerial.value)부터",
        en: "\(unit.servers) servers, serial numbers from \(unit.firstSerial.value)")
    }
    output.print(
      text: ([SupplyView.title(id, programme, output), "", table.text] + units)
        .joined(separator: "\n"),
      json: programme.json(id))
  }
}

/// How supply looks, for people and machines.
enum SupplyView {
  static func title(_ id: LineID, _ programme: Programme, _ output: Output) -> String {
    let line = programme.lines[id].line
    let model =
      line.model.map { programme.models[$0].name.value }
      ?? output.say(ko: "기종 미정", en: "model not decided")
    return "\(line.slug) (\(id)): \(model), \(programme.sites[line.site].name[output.language])"
  }

  static func text(_ summary: SupplySummary, _ programme: Programme, _ output: Output) -> String {
    var parts: [String] = []
    if let target = summary.target {
      let claims = target.all.map { figure in
        "\(figure.value.grouped) (\(figure.confidence.name(output.language)), \(figure.on))"
      }
      parts.append(
        output.say(ko: "목표", en: "Target") + ": "
          + claims.joined(separator: output.say(ko: " 또는 ", en: " or ")))
    }
    var table = Table([
      (output.say(ko: "도입 물량", en: "tranche / line"), .left),
      (output.say(ko: "약속", en: "promised"), .right),
      (output.say(ko: "계약", en: "contracted"), .right),
      (output.say(ko: "납품", en: "delivered"), .right),
      (output.say(ko: "가동", en: "in service"), .right),
      (output.say(ko: "예정 포함", en: "with planned"), .right),
      (output.say(ko: "확실성", en: "confidence"), .left),
    ])
    func add(
      _ name: String, _ gpus: Int64, _ progress: SupplySummary.Progress, _ confidence: String
    ) {
      table.add(
        name, gpus.grouped, progress.contracted.grouped, progress.delivered.grouped,
        progress.inService.grouped, progress.inServicePlanned.grouped, confidence)
    }
    for row in summary.tranches {
      add(
        Table.shortened(row.tranche.name[output.language], to: 48), row.gpus, row.progress, "")
      for line in row.lines {
        add(
          "  " + line.line.slug.value, line.line.gpus.value, line.progress,
          line.confidence?.name(output.language) ?? "")
      }
    }
    for (_, commitment) in summary.unattested {
      guard let gpus = commitment.gpus else { continue }
      table.add(
        Table.shortened(commitment.text[output.language], to: 48), gpus.value.grouped, "–", "–",
        "–", "–",
        output.say(ko: "증명서 미제출", en: "not attested"))
    }
    table.rule()
    let promised = summary.target.map { $0.value.grouped } ?? "–"
    table.add(
      output.say(ko: "합계 (공개된 것)", en: "total (as published)"), promised,
      summary.total.contracted.grouped, summary.total.delivered.grouped,
      summary.total.inService.grouped, summary.total.inServicePlanned.grouped, "")
    parts.append(output.say(ko: "기준일 \(summary.on)", en: "As of \(summary.on)"))
    parts.append(table.text)
    parts.append(
      output.say(
        ko: "–는 기업이 아직 밝히지 않은 것으로, 추정하지 않습니다.",
        en: "– is what a company has not attested; it is not guessed."))
    return parts.joined(separator: "\n")
  }

  struct CapacityRow {
    let line: LineID
    let owner: PartyID
    let steps: [(from: Day, gpus: Int64)]
  }

  static func capacity(
    _ programme: Programme, _ term: Term, _ minimum: Confidence
  ) -> [CapacityRow] {
    var rows: [CapacityRow] = []
    programme.lines.forEach { id, history in
      let function = history.awardable(minimum: minimum)
      var steps = [(from: term.from, gpus: function.value(on: term.from))]
      for step in function.steps where term.contains(step.from) && step.from > term.from {
        steps.append((step.from, step.value))
      }
      if steps.contains(where: { $0.gpus > 0 }) {
        let owner = programme.tranches[history.line.tranche].owner
        rows.append(CapacityRow(line: id, owner: owner, steps: steps))
      }
    }
    return rows
  }

  static func capacityText(
    _ rows: [CapacityRow], _ programme: Programme, _ output: Output
  ) -> String {
    var table = Table([
      (output.say(ko: "소유기관", en: "owner"), .left), (output.say(ko: "센터", en: "site"), .left),
      (output.say(ko: "기종", en: "model"), .left), (output.say(ko: "물량", en: "line"), .left),
      (output.say(ko: "부터", en: "from"), .left),
      (output.say(ko: "배정 가능", en: "awardable"), .right),
    ])
    for row in rows {
      let line = programme.lines[row.line].line
      for (index, step) in row.steps.enumerated() {
        let first = index == 0
        table.add(
          first ? programme.parties[row.owner].name[output.language] : "",
          first ? programme.sites[line.site].name[output.language] : "",
          first ? line.model.map { programme.models[$0].name.value } ?? "–" : "",
          first ? line.slug.value : "", step.from.description, step.gpus.grouped)
      }
    }
    return table.text
  }

  static func capacityJSON(_ rows: [CapacityRow], _ programme: Programme) -> JSON {
    .array(
      rows.map { row in
        let line = programme.lines[row.line].line
        return .object([
          ("line", .text("\(row.line)")), ("slug", .text(line.slug.value)),
          ("owner", .text(programme.parties[row.owner].slug.value)),
          ("site", .text(programme.sites[line.site].slug.value)),
          ("model", .optional(line.model.map { programme.models[$0].slug.value })),
          (
            "steps",
            .array(
              row.steps.map {
                .object([("from", .text($0.from.description)), ("gpus", .int($0.gpus))])
              })
          ),
        ])
      })
  }

}
