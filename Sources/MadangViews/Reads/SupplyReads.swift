import MadangProgramme

/// The programme, its agreements and sources, supply and pools: for everybody.
extension Programme {
  func supplyAnswer(
    _ id: String, _ values: Values, on today: Day, _ prose: Prose
  ) throws(Refusal) -> Answer? {
    switch id {
    case "getProgramme": return Answer(self.overviewJSON(on: today))
    case "listAgreements":
      return Answer(self.agreementsJSON, text: { ProgrammeView.text(self, $0) })
    case "listSources": return sourcesAnswer
    case "listCalls": return Answer(self.callsJSON, text: { CallView.text(self, $0) })
    case "getSupply":
      let summary = supplySummary(on: values.day("on") ?? today)
      return Answer(self.json(summary), text: { SupplyView.text(summary, self, $0) })
    case "getCapacity": return try capacityAnswer(values, from: today)
    case "getLine":
      let line = try known("line", values, lines)
      return Answer(self.json(line), text: { SupplyView.text(line, self, $0) })
    case "getField": return Answer(self.fieldJSON(on: today))
    case "listPools": return Answer(self.poolsJSON)
    default: return nil
    }
  }

  private func capacityAnswer(_ values: Values, from today: Day) throws(Refusal) -> Answer {
    let start = values.day("from") ?? today
    let end = values.day("to") ?? start.advanced(by: 366)
    guard let term = Term(from: start, to: end) else { throw .programme(.outsideDays) }
    let minimum = values.text("confidence").flatMap { Confidence(rawValue: $0) } ?? .announced
    let rows = SupplyView.capacity(self, term, minimum)
    return Answer(
      SupplyView.capacityJSON(rows, self),
      text: { SupplyView.capacityText(rows, self, $0) })
  }

  private var sourcesAnswer: Answer {
    Answer(
      .array(
        self.sources.ids.map { id in
          let source = self.sources[id]
          return .object([
            ("id", .text("\(id)")), ("slug", .text(source.slug.value)),
            ("on", .text(source.on.description)), ("dayKnown", .bool(source.dayKnown)),
            ("publisher", .text(source.publisher.value)), ("title", .text(source.title.value)),
            ("url", .optional(source.url?.value)),
          ])
        }),
      text: { ProgrammeView.sources(self, $0) })
  }
}
