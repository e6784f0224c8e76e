import MadangProgramme
import Testing

/// What was foreseen and then came counts once.
struct ForeseenTests {
  private func day(_ text: String) throws -> Day { try #require(Day(text)) }

  private func step(_ gpus: Int64, _ on: String, planned: Bool) throws -> SupplyStep {
    SupplyStep(
      state: .inService, gpus: gpus, on: try day(on), confidence: .announced,
      source: SourceID(1), evidence: nil, planned: planned)
  }

  private func history(_ steps: [SupplyStep]) throws -> LineHistory {
    let figure = Figure(
      value: 100, confidence: .announced, source: SourceID(1), on: try day("2026-01-01"),
      note: nil)
    var history = LineHistory(
      line: Line(
        slug: try #require(Slug("line")), tranche: TrancheID(1), site: SiteID(1), model: nil,
        operatedBy: nil, gpus: Claims(first: figure), operatorShare: nil, spares: 0))
    history.steps = steps
    return history
  }

  @Test func `a plan that came true, in part and late, counts once`() throws {
    let history = try history([
      step(60, "2026-03-01", planned: true), step(40, "2026-09-01", planned: true),
      step(70, "2026-04-01", planned: false),
    ])
    let service = history.inService(minimum: .announced, on: nil)
    #expect(service.value(on: try day("2026-03-15")) == 0)
    #expect(service.value(on: try day("2026-04-01")) == 70)
    #expect(service.value(on: try day("2026-09-01")) == 100)
    #expect(history.reached(.inService, by: try day("2026-12-31"), planned: false) == 70)
    #expect(history.reached(.inService, by: try day("2026-12-31"), planned: true) == 100)
  }

  @Test func `what came before a plan was recorded is no part of it`() throws {
    let history = try history([
      step(70, "2026-02-01", planned: false), step(30, "2026-09-01", planned: true),
    ])
    #expect(history.inService(minimum: .announced, on: nil).value(on: try day("2026-09-01")) == 100)
  }
}
