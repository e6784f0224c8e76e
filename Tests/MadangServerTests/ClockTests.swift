import Dispatch
import MadangProgramme
import Synchronization
import Testing

@testable import MadangJournal
@testable import MadangServer

/// What the office makes of its machine's clock, and of a disk that is not there for a while. Found
/// by review, all of it.
@Suite(.serialized)
struct ClockTests {
  /// Both clocks of a machine, as a test moves them.
  private final class Clocks: Sendable {
    private let both: Mutex<(machine: Int64, steady: Int64)>

    init(machine: Instant) { both = Mutex((machine.seconds, 1_000)) }

    var now: (machine: Int64, steady: Int64) { both.withLock { $0 } }

    /// `stepped` is what the machine's clock moved beside the time that passed.
    func pass(_ seconds: Int64, stepped: Int64 = 0) {
      both.withLock { $0 = ($0.machine + seconds + stepped, $0.steady + seconds) }
    }
  }

  private static func charter(exercise: Bool) -> Charter {
    Charter(
      slug: Office.slug("test"), name: Office.said("test"), currency: Office.slug("krw"),
      dropBelow: 10, days: Office.charter.days, hash: Office.slug("sha256"),
      signature: Office.slug("ed25519"), exercise: exercise)
  }

  private static func yard(
    _ folder: TestFolder, _ clocks: Clocks, exercise: Bool = false
  ) throws -> Yard {
    let journal = try Journal(folder: folder.path)
    if journal.programme.charter == nil {
      try journal.give(.found(charter(exercise: exercise)), at: Office.start)
    }
    return try yard(journal, try Operations(folder: folder.path), clocks)
  }

  private static func yard(
    _ journal: Journal, _ operations: Operations, _ clocks: Clocks
  ) throws -> Yard {
    try Yard(journal: journal, operations: operations) { (open) throws(JournalError) in
      try YardClock(journal.programme, operations, jobsRun: open, clocks: { clocks.now })
    }
  }

  @Test func `time goes as the clock that nobody sets, and follows the other but for steps ahead`()
  {
    let step = SteadyTime.stepSecondsMax
    var time = SteadyTime(machine: 50_000, steady: 10)
    // Machine and steady clock; the time, and how far the machine is ahead.
    let moments: [(Int64, Int64, Int64, Int64)] = [
      (50_000, 10, 50_000, 0), (50_060, 70, 50_060, 0),
      // Corrected little by little, or by what clocks differ by.
      (50_061, 70, 50_061, 0), (50_061 + step, 70, 50_061 + step, 0), (50_061, 70, 50_061, 0),
      // A year for three seconds.
      (50_062 + 2 * step, 70, 50_061, 2 * step + 1), (31_586_064, 73, 50_064, 31_536_000),
      (50_064, 73, 50_064, 0),
      // Put back it is followed at once, and to where it was, but no further.
      (46_464, 73, 46_464, 0), (50_064, 73, 50_064, 0), (46_464, 73, 46_464, 0),
      (60_064, 73, 46_464, 13_600), (50_074, 83, 50_074, 0),
    ]
    for (machine, steady, seconds, ahead) in moments {
      let told = time.seconds(machine: machine, steady: steady)
      #expect(told == seconds && time.aheadSeconds == ahead, "\(machine) \(steady): \(told)")
    }
  }

  @Test func `three seconds of a clock that is a year ahead pass three seconds`() throws {
    let folder = try TestFolder()
    let clocks = Clocks(machine: Instant(Office.start.seconds + 3_600))
    let yard = try ClockTests.yard(folder, clocks)
    _ = try yard.round()
    let before = yard.journal.programme.eventCount
    clocks.pass(3, stepped: 31_536_000)
    _ = try yard.round()
    #expect(yard.now == Instant(Office.start.seconds + 3_603))
    #expect(yard.clock.aheadSeconds == 31_536_000)
    #expect(yard.journal.programme.eventCount == before)
    clocks.pass(1, stepped: -31_536_000)
    _ = try yard.round()
    #expect(yard.clock.aheadSeconds == 0 && yard.journal.programme.eventCount == before)
    // A day that did pass is passed.
    clocks.pass(86_400)
    _ = try yard.round()
    #expect(yard.journal.programme.advancedTo == Instant(Office.start.seconds + 90_004))
    try yard.operations.close()
    try yard.journal.close()
  }

  @Test func `a gap of more than two days waits for a word, except in an exercise`() throws {
    for (exercise, days, isTold) in [
      (false, 1, false), (false, 2, false), (false, 3, true), (false, 365, true),
      (true, 365, false),
    ] as [(Bool, Int64, Bool)] {
      let folder = try TestFolder()
      let clocks = Clocks(machine: Office.at(days: days))
      let yard = try ClockTests.yard(folder, clocks, exercise: exercise)
      #expect(yard.gapSeconds == (isTold ? days * 86_400 : nil), "\(exercise) \(days)")
      // Once it was passed, nobody is asked again.
      _ = try yard.round()
      #expect(yard.gapSeconds == nil)
      try yard.operations.close()
      try yard.journal.close()
    }
  }

  @Test func `a clock that is put back silences no agent`() throws {
    let office = try LocalOffice(exercise: false)
    let clocks = Clocks(machine: YardClock.machine)
    let yard = try ClockTests.yard(office.journal, office.operations, clocks)
    func seen() throws -> Int64? { try office.operations.observed(LocalOffice.cluster)?.at.seconds }
    _ = try yard.round()
    clocks.pass(10)
    _ = try yard.round()
    #expect(try seen() == clocks.now.machine)
    clocks.pass(10, stepped: -3_600)
    _ = try yard.round()
    #expect(try seen() == clocks.now.machine)
    clocks.pass(10)
    _ = try yard.round()
    #expect(try seen() == clocks.now.machine)
  }

  @Test func `a round that could not be written is tried again, and ends nobody's reading`()
    async throws
  {
    let folder = try TestFolder()
    let clocks = Clocks(machine: Instant(Office.start.seconds + 3_600))
    let yard = try ClockTests.yard(folder, clocks)
    _ = try yard.round()
    let before = yard.journal.programme.eventCount
    // Another connection writes for longer than anybody is waited for.
    let other = try Operations(folder: folder.path)
    let (holding, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    async let held = onThread {
      (try? other.transaction { _ in
        holding.signal()
        done.wait()
        return true
      }) ?? false
    }
    holding.wait()
    clocks.pass(86_400)
    do throws(YardFailure) {
      _ = try yard.round()
      Issue.record("it was written beside another")
    } catch {
      #expect(error.passes, "\(error)")
      guard case .journal(.notWritten) = error else {
        Issue.record("\(error)")
        return
      }
    }
    #expect(try yard.journal.ledger.programme().eventCount == before)
    done.signal()
    #expect(await held)
    _ = try yard.round()
    #expect(yard.journal.programme.eventCount > before)
    #expect(!YardFailure.journal(.outcomeUnknown(reason: "disk")).passes)
    try other.close()
    try yard.operations.close()
    try yard.journal.close()
  }
}
