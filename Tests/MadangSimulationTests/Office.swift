import MadangControl
import MadangProgramme
import MadangTestEngines

/// Who asked, and his own number for it: the same for as long as he does not know the answer.
struct CommandKey: Hashable {
  let by: PersonID
  let number: Int
}

enum Answer: Hashable {
  /// The events that it became.
  case done(first: Int64, count: Int)
  case refused(code: String)
  /// Not now: nothing changed, or nobody can say.
  case unavailable
}

/// The office's server: one writer around `Programme.decide` and `AgentDesk`, on a disk with
/// manners.
///
/// What is answered was committed: decide on a copy, write, sync, then publish, then answer. Where
/// the disk cannot say whether it committed, the process stops and reads what there is.
final class Office {
  unowned let world: World
  var disk = Disk()
  private(set) var isUp = true
  private(set) var programme = Base.made.programme
  private(set) var answers: [CommandKey: Answer] = [:]
  private(set) var leases: [ClusterID: AgentLease] = [:]
  private(set) var usage: [UsageKey: UsageSegment] = [:]
  private(set) var books = Books()
  /// Segments beyond one a key: none, unless the harness is broken on purpose.
  private(set) var usageTwice: [UsageSegment] = []
  /// Usage that is answered for and not written yet: none, unless the harness is broken on purpose.
  private var unwritten: [UsageSegment] = []
  private var sealCount: UInt64 = 0

  init(_ world: World) { self.world = world }

  // MARK: Commands

  /// Nothing where the process ended over it.
  func take(_ command: Command, _ key: CommandKey) -> Answer? {
    if let known = answers[key], !world.breaks(.forgetsKeys) { return known }
    let envelope = Envelope(by: key.by, received: world.instant, command: command)
    let events: [Event]
    do throws(Refusal) {
      events = try programme.decide(envelope)
    } catch {
      return .refused(code: error.code)
    }
    let answer = Answer.done(first: programme.eventCount, count: events.count)
    var record = Record()
    record.next = applying(events, envelope, &record)
    record.answer = (key, answer)
    if world.breaks(.acknowledgedBeforeCommit) {
      world.checks.acknowledged(key, answer, record: disk.records.count)
    }
    switch commit(record) {
    case .refused: return .unavailable
    case .ended: return nil
    case .done: break
    }
    keep(record)
    answers[key] = answer
    world.checks.committed(self)
    world.checks.given(events, self)
    if crashes() { return nil }
    world.checks.acknowledged(key, answer, record: disk.records.count - 1)
    return answer
  }

  /// The programme after events, and the leaves that say so.
  private func applying(
    _ events: [Event], _ envelope: Envelope, _ record: inout Record
  ) -> Programme {
    var next = programme
    let at = next.time(of: envelope.received)
    // What it writes is what it applies, unless the harness is broken on purpose.
    let applied = world.breaks(.appliesOtherThanWritten) ? Instant(at.seconds + 1) : at
    for event in events {
      let number = next.eventCount
      let header = Header(number: number, at: at, received: envelope.received, by: envelope.by)
      record.leaves.append(Leaf(header: header, event: event).encoded(seal: seal))
      next.apply(
        event, Header(number: number, at: applied, received: envelope.received, by: envelope.by))
    }
    return next
  }

  private func seal(_ value: [UInt8]) -> Seal {
    sealCount += 1
    return Seal(
      salt: Salt(high: 1, low: sealCount), commitment: Digest(Fold.of(value), 0, 0, sealCount))
  }

  // MARK: Agents

  /// Nothing where the process ended over it.
  func take(_ report: AgentReport, from agent: AgentID) -> Exchange? {
    let lease = leases[report.cluster] ?? AgentLease()
    let taken: AgentDesk.Taken
    do throws(AgentRefusal) {
      taken = try AgentDesk.take(
        report, from: agent, by: Base.agents, programme,
        world.breaks(.noFencing) ? Office.open(lease, report) : lease, at: world.instant)
    } catch {
      return .refused(error)
    }
    var steps: [(inout Record) -> Void] = [
      { [self] in
        $0.usage = new(taken.segments)
        $0.changes = [.observed(report.observed, programme.desired(report.cluster))]
      },
      { [self] in read(taken.command, report, &$0) },
      { $0.lease = (report.cluster, taken.lease) },
    ]
    // Cut off in between, the agent sends the same again, and each part finds that it is there.
    if world.breaks(.cursorBeforeUsage) {
      steps[0] = { [self] in
        let next = new(taken.segments)
        $0.usage = unwritten
        unwritten = next
      }
    }
    for step in steps {
      var record = Record()
      step(&record)
      guard record.isSomething else { continue }
      switch commit(record) {
      case .refused: return .unheard
      case .ended: return nil
      case .done: keep(record)
      }
      world.checks.committed(self)
    }
    world.checks.took(report, taken.lease)
    if crashes() { return nil }
    let reply = AgentDesk.reply(report.cluster, programme, taken.lease) { bytes in
      Digest(Fold.of(bytes), 0, 0, 0)
    }
    world.checks.answered(reply, self)
    return .replied(reply)
  }

  /// Decides again what the desk decided a moment ago, as events.
  private func read(_ command: Command?, _ report: AgentReport, _ record: inout Record) {
    guard let command else { return }
    let envelope = Envelope(by: Base.agents, received: world.instant, command: command)
    do throws(Refusal) {
      let events = try programme.decide(envelope)
      record.next = applying(events, envelope, &record)
      record.report = report
      record.events = events
    } catch {
      world.checks.fail("the desk took what the programme refuses: \(error.code)")
    }
  }

  /// A lease that lets everybody in: the harness broken on purpose.
  private static func open(_ lease: AgentLease, _ report: AgentReport) -> AgentLease {
    AgentLease(
      epoch: report.epoch, instance: report.instance, sequence: report.sequence - 1,
      until: Instant(0), cursor: lease.cursor, readAt: Instant(0))
  }

  /// Usage that is not there yet: the same key and content may come as often as it likes.
  private func new(_ segments: [UsageSegment]) -> [UsageSegment] {
    if world.breaks(.usageTwice) { return segments }
    return segments.filter { segment in
      if let stored = usage[segment.key], stored != segment {
        world.checks.fail("\(segment.key) came as \(segment) and was \(stored)")
      }
      return usage[segment.key] == nil && !unwritten.contains { $0.key == segment.key }
    }
  }

  func keep(_ record: Record) {
    if let next = record.next { programme = next }
    if let report = record.report { world.checks.readBack(record.events, report, self) }
    if let lease = record.lease { leases[lease.cluster] = lease.lease }
    for segment in record.usage {
      if usage.updateValue(segment, forKey: segment.key) != nil { usageTwice.append(segment) }
      books.add(segment, world.mutation)
    }
    for change in record.changes { books.apply(change, world.mutation) }
  }

  enum Exchange {
    case replied(AgentReply)
    case refused(AgentRefusal)
    case unheard
  }

  // MARK: Commit, crash, restart

  enum Commit { case done, refused, ended }

  func commit(_ record: Record) -> Commit {
    if crashes() { return .ended }
    do throws(Disk.Failure) {
      try disk.write(record, &world.faults, &world.random)
      if crashes() { return .ended }
      try disk.sync(&world.faults, &world.random)
      return .done
    } catch {
      guard case .sync = error else { return .refused }
      if world.breaks(.goesOnAfterFailedSync) { return .done }
      let _: Answer? = crash()
      return .ended
    }
  }

  func crashes() -> Bool {
    guard isUp, world.happens(.officeCrash, 4) else { return !isUp }
    let _: Answer? = crash()
    return true
  }

  /// Answers nothing, like a process that is gone.
  @discardableResult
  func crash<Nothing>() -> Nothing? {
    isUp = false
    world.trace("office ends")
    let before = disk.records.count
    let lied = disk.isLying
    disk.crash(&world.faults, &world.random)
    if lied { world.checks.lost(from: disk.records.count, of: before) }
    world.officeStarts(after: world.random.draw(1...20))
    return nil
  }

  /// Reads what the disk has, and nothing else.
  func start() {
    programme = Base.made.programme
    answers = [:]
    usage = [:]
    unwritten = []
    usageTwice = []
    books = Books()
    leases = [:]
    var isLosing = world.breaks(.replayLosesOne)
    for record in disk.records {
      for leaf in record.leaves {
        guard let read = try? Leaf(bytes: leaf.bytes, openings: leaf.openings) else {
          world.checks.fail("a leaf that was written cannot be read")
          return
        }
        // An advance changes nothing but the time: the least that a replay could lose.
        if isLosing, case .bindingEnforced = read.event {
          isLosing = false
          programme.apply(.timeAdvanced(read.header.at), read.header)
          continue
        }
        programme.apply(read.event, read.header)
      }
      if let (key, answer) = record.answer { answers[key] = answer }
      keep(record.asRead)
    }
    if world.breaks(.forgetsLeases) { leases = [:] }
    isUp = true
    world.trace("office starts with \(programme.eventCount) events")
    world.checks.restarted(self)
  }
}
