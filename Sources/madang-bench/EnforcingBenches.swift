import Foundation
import MadangJournal
import MadangProgramme
import MadangServer
import MadangSimulator

/// From a contract to limits that an engine was seen to hold.
enum EnforcingBenches {
  private static let samples = 100
  private static let cluster = ClusterID(1)

  /// Each time: a contract is concluded, its award allocated, and the yard works until nothing is
  /// left to do. The journal, the operations, the embedded agent and the local engine are those of
  /// a data folder, on the disk.
  static func enforce() throws {
    try JournalBenches.inFolder { folder in
      let journal = try JournalBenches.journal(folder)
      let applications = try found(journal)
      let operations = try Operations(folder: folder)
      let yard = try Yard(journal: journal, operations: operations)
      try yard.settle()
      precondition(yard.troubles.isEmpty, "the agent is enrolled: \(yard.troubles)")
      var seconds: [Double] = []
      let before = (events: journal.programme.eventCount, processor: Measure.processorSeconds())
      for application in applications {
        seconds.append(try Measure.seconds { try enforce(application, yard) })
      }
      let events = journal.programme.eventCount - before.events
      let processor = Measure.processorSeconds() - before.processor
      seconds.sort()
      func text(_ place: Int) -> String { Measure.text(seconds[place] * 1_000, 1) }
      Measure.report(
        "contract to enforced on the local engine, read back",
        "\(text(samples / 2)) ms, median of \(samples) (\(text(0)) to \(text(samples - 1)))",
        bar: "100 ms")
      Measure.say(
        "  each: \(Measure.text(Double(events) / Double(samples), 1)) events, "
          + "\(Measure.text(processor / Double(samples) * 1_000, 1)) ms of CPU")
      try operations.close()
      try journal.close()
    }
  }

  private static func enforce(_ application: ApplicationID, _ yard: Yard) throws {
    try give(.concludeContract(application), yard)
    let award = AwardID(yard.journal.programme.awards.count)
    try give(.allocate(award, cluster, .budget(GPUSeconds(3_600))), yard)
    try yard.settle()
    let allocations = yard.journal.programme.allocations
    let row = allocations[AllocationID(allocations.count)]
    precondition(row.award == award, "the newest allocation is this award's")
    precondition(row.enforcedGeneration == row.generation, "what was read back is what should be")
  }

  private static func give(_ command: Command, _ yard: Yard) throws {
    let envelope = Envelope(by: Fixture.person(1), received: yard.now, command: command)
    JournalBenches.accept(try yard.journal.submit([Request(envelope)]))
  }

  /// A round that offers to so many, and one cluster whose engine the office runs itself. Answers
  /// the applications of that cluster's line.
  private static func found(_ journal: Journal) throws -> [ApplicationID] {
    var generator = SeededGenerator(seed: 29)
    var fixture = Fixture.founded(gpus: 160_000, steps: 1, recording: true)
    fixture.submit(8 * samples, round: 2, organisations: 400, ownTerms: false, &generator)
    fixture.judge(round: 2, reviews: 1, &generator)
    fixture.decide(round: 2, awards: 0)
    let figure = Figure(
      value: 64, confidence: .accepted, source: SourceID(1), on: Fixture.day("2025-01-01"),
      note: nil)
    fixture.give(
      .define(
        .cluster(
          cluster,
          Cluster(
            slug: Fixture.slug("local"), site: SiteID(1), model: DeviceModelID(1), servers: 8,
            gpus: Claims(first: figure)))))
    fixture.give(.define(.engine(cluster, ClusterEngine(kind: .local, simulated: false))))
    try JournalBenches.play(fixture.log, journal, batch: 1_000)
    let offers = fixture.programme.offers
    let applications = offers.ids.filter { offers[$0].line == LineID(1) }
      .prefix(samples).map { offers[$0].application }
    precondition(applications.count == samples, "enough were selected")
    return applications
  }
}
