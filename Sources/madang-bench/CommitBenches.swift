import Foundation
import GRDB
import MadangJournal
import MadangProgramme
import MadangSimulator
import Synchronization

/// Benches of durable commits: the journal and raw SQLite take turns, so that what else the machine
/// does falls on both.
struct CommitBenches {
  private let folder: String
  /// A journal with 4,000 applications, closed: every run begins with a copy of it.
  private let base: String
  private let first: Int64
  private let commands: [Envelope]

  private static let clientCount = 64
  private static let rounds = 5

  static func commits() throws {
    try JournalBenches.inFolder { folder in
      let benches = try CommitBenches(folder)
      var rounds: [Round] = []
      for number in 0..<CommitBenches.rounds { rounds.append(try benches.round(number)) }
      benches.report(rounds)
      try benches.single()
    }
  }

  /// One caller's batches of 64 alone, with raw SQLite's, or 64 clients', for a counter of
  /// instructions to look at.
  static func work(_ who: String) throws {
    try JournalBenches.inFolder { folder in
      let benches = try CommitBenches(folder)
      let path = try benches.prepared("journal")
      if who == "clients" {
        var round = Round()
        return try benches.clients(path, &round)
      }
      let journal = try JournalBenches.journal(path)
      try JournalBenches.play(benches.commands, journal, batch: CommitBenches.clientCount)
      try journal.close()
      guard who == "raw" else { return }
      let raw = try RawSQLite(copying: path, from: benches.first)
      _ = try benches.insert(raw, benches.full)
    }
  }

  /// Seconds and processor seconds of the four, one after the other.
  private struct Round {
    var formed: [Int] = []
    var clients = Cost()
    var sameBatches = Cost()
    var journal = Cost()
    var fullBatches = Cost()
  }

  private struct Cost {
    var seconds = 0.0
    var processor = 0.0
  }

  private static func cost(_ body: () throws -> Void) rethrows -> Cost {
    let processor = Measure.processorSeconds()
    let seconds = try Measure.seconds(body)
    return Cost(seconds: seconds, processor: Measure.processorSeconds() - processor)
  }

  /// 64 clients; raw SQLite with the batches that they formed; raw SQLite with batches of 64; the
  /// journal with batches of 64, from one caller.
  private func round(_ number: Int) throws -> Round {
    var round = Round()
    let path = try prepared("clients")
    try clients(path, &round)
    let raw = try RawSQLite(copying: path, from: first)
    precondition(raw.eventCount == commands.count, "a command is an event")
    round.sameBatches = try insert(raw, round.formed)
    round.fullBatches = try insert(raw, full)
    let other = try prepared("journal")
    let journal = try JournalBenches.journal(other)
    round.journal = try CommitBenches.cost {
      try JournalBenches.play(commands, journal, batch: CommitBenches.clientCount)
    }
    try journal.close()
    for path in [path, other] { try FileManager.default.removeItem(atPath: path) }
    return round
  }

  /// The commands in batches of 64.
  private var full: [Int] {
    stride(from: 0, to: commands.count, by: CommitBenches.clientCount).map {
      min(CommitBenches.clientCount, commands.count - $0)
    }
  }

  private func insert(_ raw: RawSQLite, _ batches: [Int]) throws -> Cost {
    let path = try prepared("raw")
    var cost = Cost()
    try raw.insert(into: path, batches: batches) { body in cost = try CommitBenches.cost(body) }
    try FileManager.default.removeItem(atPath: path)
    return cost
  }

  private func report(_ rounds: [Round]) {
    func median(_ value: (Round) -> Double) -> Double {
      rounds.map(value).sorted()[rounds.count / 2]
    }
    func range(_ value: (Round) -> Double) -> String {
      let sorted = rounds.map(value).sorted()
      return "\(Measure.text(median(value)))× (\(Measure.text(sorted[0])) to "
        + "\(Measure.text(sorted[sorted.count - 1])))"
    }
    func rate(_ value: (Round) -> Double) -> String {
      "\(Measure.text(Double(commands.count) / median(value) / 1_000, 1))k/s"
    }
    func micros(_ value: (Round) -> Double) -> String {
      Measure.text(median(value) / Double(commands.count) * 1e6, 1)
    }
    Measure.report(
      "durable commits, 64 clients that wait for replies",
      "\(rate { $0.clients.seconds }), raw SQLite in the same batches "
        + "\(rate { $0.sameBatches.seconds }): "
        + "\(range { $0.clients.seconds / $0.sameBatches.seconds }), median of \(rounds.count)",
      bar: "within 1.5×")
    let formed = rounds.flatMap(\.formed).sorted()
    let places = [0, 10, 25, 50, 75, 90, 100].map {
      "\(formed[min($0 * formed.count / 100, formed.count - 1)])"
    }
    Measure.say(
      "  batches formed: \(formed.count / rounds.count) a run; smallest, 10, 25, 50, 75, 90 %, "
        + "largest: \(places.joined(separator: " "))")
    Measure.say(
      "  against raw SQLite in batches of 64 (\(rate { $0.fullBatches.seconds })): "
        + range { $0.clients.seconds / $0.fullBatches.seconds })
    Measure.say(
      "  one caller, batches of 64: \(rate { $0.journal.seconds }), against raw SQLite "
        + range { $0.journal.seconds / $0.fullBatches.seconds })
    Measure.say(
      "  processor time a command, µs: clients \(micros { $0.clients.processor }), raw the same "
        + "\(micros { $0.sameBatches.processor }); one caller \(micros { $0.journal.processor }), "
        + "raw \(micros { $0.fullBatches.processor })")
  }

  /// One command a batch. That it costs one fsync is counted by a test, not timed here.
  private func single() throws {
    let path = try prepared("single")
    let journal = try JournalBenches.journal(path)
    let some = Array(commands.prefix(1_000))
    let seconds = try Measure.seconds { try JournalBenches.play(some, journal, batch: 1) }
    try journal.close()
    Measure.report(
      "  one command a batch", "\(Measure.text(Double(some.count) / seconds, 0))/s",
      bar: "one fsync each: SyncTests counts")
  }

  private init(_ folder: String) throws {
    self.folder = folder
    base = folder + "/base"
    var generator = SeededGenerator(seed: 13)
    let (fixture, log) = JournalBenches.recorded { fixture in
      fixture.submit(2_000, round: 2, organisations: 500, ownTerms: true, &generator)
      fixture.submit(2_000, round: 3, organisations: 500, ownTerms: true, &generator)
      fixture.judge(round: 2, reviews: 2, &generator)
    }
    commands = ProgrammeBenches.mixed(64 * 400, fixture, &generator, organisations: 1_000)
    let journal = try JournalBenches.journal(base)
    try JournalBenches.play(log, journal, batch: 10_000)
    first = journal.programme.eventCount
    try journal.close()
  }

  private func prepared(_ name: String) throws -> String {
    let path = folder + "/" + name
    try FileManager.default.copyItem(atPath: base, toPath: path)
    return path
  }

  /// So many clients, each waiting for its reply before its next command.
  private func clients(_ path: String, _ round: inout Round) throws {
    let journal = try JournalBenches.journal(path)
    let formed = Mutex<[Int]>([])
    let writer = Writer(journal) { size in formed.withLock { $0.append(size) } }
    let done = DispatchSemaphore(value: 0)
    let commands = commands
    round.clients = CommitBenches.cost {
      Task {
        await withTaskGroup(of: Void.self) { group in
          for client in 0..<CommitBenches.clientCount {
            group.addTask { await CommitBenches.client(client, commands, writer) }
          }
        }
        done.signal()
      }
      done.wait()
    }
    try journal.close()
    round.formed = formed.withLock { $0 }
  }

  private static func client(_ number: Int, _ commands: [Envelope], _ writer: Writer) async {
    for index in stride(from: number, to: commands.count, by: clientCount) {
      do {
        JournalBenches.accept([try await writer.submit(Request(commands[index]))])
      } catch {
        preconditionFailure("\(error)")
      }
    }
  }
}
