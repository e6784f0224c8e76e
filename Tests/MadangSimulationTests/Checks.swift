import MadangProgramme
import MadangTestEngines

/// What must hold whatever goes wrong, from what was seen outside: none of it asks the code under
/// test whether it is right.
final class Checks {
  unowned let world: World
  private(set) var failures: [String] = []
  private(set) var enforced = 0
  private(set) var acknowledgedCount = 0
  private(set) var restarts = 0
  private(set) var takeovers = 0
  private(set) var returned = 0
  private(set) var lies = 0
  var holdCount = 0
  var sealCount = 0
  var correctionCount = 0
  var lentSeconds: Int64 = 0
  /// Decisions on awards of which more was used than their limits say.
  var beyondCount = 0
  /// Holds of budgets that are no overrides.
  var ofBudgets: Set<EngineJob> = []

  private struct Acknowledged {
    let first: Int64
    let count: Int
    let record: Int
  }
  private var acknowledged: [CommandKey: Acknowledged] = [:]

  private struct Spoken {
    let epoch: Int64
    let instance: EngineJob
    let sequence: Int64
    let at: Int64
  }
  private var spoken: [ClusterID: Spoken] = [:]
  private struct Epoch: Hashable {
    let cluster: ClusterID
    let epoch: Int64
  }
  private var instances: [Epoch: EngineJob] = [:]

  private struct Sent: Hashable {
    let instance: EngineJob
    let sequence: Int64
  }
  private var versions: [Sent: Int] = [:]

  private struct Generation: Hashable {
    let cluster: ClusterID
    let generation: Int64
  }
  private var states: [Generation: UInt64] = [:]
  /// Folds of the whole programme, by how many records made it.
  private var folds: [Int: UInt64] = [:]

  init(_ world: World) { self.world = world }

  func fail(_ text: String) {
    failures.append(text)
    world.trace("FAILED: \(text)")
  }

  // MARK: Commands

  /// The office said that it did something.
  func acknowledged(_ key: CommandKey, _ answer: Answer, record: Int) {
    guard case .done(let first, let count) = answer else { return }
    acknowledgedCount += 1
    if let before = acknowledged[key], before.first != first {
      fail("\(key) was done twice: from event \(before.first), and from \(first)")
    }
    acknowledged[key] = Acknowledged(first: first, count: count, record: record)
  }

  /// After a commit: what the programme is now, for whoever replays to here.
  func committed(_ office: Office) {
    let count = office.disk.records.count
    if let last = office.disk.records.last, last.leaves.isEmpty, let same = folds[count - 1] {
      folds[count] = same
    } else {
      folds[count] = Fold.of(office.programme.snapshotBytes())
    }
  }

  /// A disk that lied took records with it: what was promised on them was never safe. Nothing else
  /// may be missing.
  func lost(from kept: Int, of before: Int) {
    lies += 1
    acknowledged = acknowledged.filter { $0.value.record < kept }
    folds = folds.filter { $0.key <= kept }
    states = [:]
    spoken = [:]
    instances = [:]
  }

  func restarted(_ office: Office) {
    restarts += 1
    folds = folds.filter { $0.key <= office.disk.records.count }
    let fold = Fold.of(office.programme.snapshotBytes())
    if let before = folds[office.disk.records.count], before != fold {
      fail("replaying \(office.disk.records.count) records gives another programme")
    }
    folds[office.disk.records.count] = fold
    present(office)
    recount(office.programme)
    audit(office)
  }

  /// Every acknowledged command is on the disk, where it was said to be, and once.
  private func present(_ office: Office) {
    var number = Int64(Base.made.leaves.count)
    var found: [CommandKey: Int64] = [:]
    for record in office.disk.records {
      if let (key, answer) = record.answer {
        if let first = found[key] { fail("\(key) is done twice: \(first) and \(number)") }
        found[key] = number
        if answer != .done(first: number, count: record.leaves.count) {
          fail("\(key) was answered \(answer), and is at \(number)")
        }
      }
      number += Int64(record.leaves.count)
    }
    if number != office.programme.eventCount { fail("\(number) events are on the disk") }
    for (key, known) in acknowledged where found[key] != known.first {
      fail("\(key) was acknowledged at \(known.first), and is not there after a crash")
      return
    }
  }

  // MARK: Agents

  /// An agent sends what it read of a certain state of its engine.
  func sends(_ report: AgentReport, _ version: Int) {
    versions[Sent(instance: report.instance, sequence: report.sequence)] = version
  }

  /// The office took a report.
  func took(_ report: AgentReport, _ lease: AgentLease) {
    let epoch = Epoch(cluster: report.cluster, epoch: lease.epoch)
    if let known = instances[epoch], known != report.instance {
      fail("\(report.cluster) has two agents in epoch \(lease.epoch)")
    }
    instances[epoch] = report.instance
    if let last = spoken[report.cluster] {
      if lease.epoch < last.epoch { fail("epoch \(lease.epoch) wrote after \(last.epoch)") }
      if lease.epoch == last.epoch, report.sequence <= last.sequence {
        fail("report \(report.sequence) was taken after \(last.sequence)")
      }
      if lease.epoch > last.epoch {
        takeovers += 1
        if world.now < last.at + AgentProtocol.leaseSeconds {
          fail("epoch \(last.epoch) of \(report.cluster) was cut off before its lease was over")
        }
      }
    }
    spoken[report.cluster] = Spoken(
      epoch: lease.epoch, instance: report.instance, sequence: report.sequence, at: world.now)
  }

  /// What a report said was found became these events.
  func readBack(_ events: [Event], _ report: AgentReport, _ office: Office) {
    for event in events {
      switch event {
      case .bindingEnforced(let body): really(body, report, office)
      case .allocationReturned(let body): gone(body.allocation, stays: nil, report)
      case .departureReturned(let body):
        let row = office.programme.departures[body.departure]
        returned += 1
        gone(row.allocation, stays: row.stays, report)
      default: continue
      }
    }
  }

  /// Capacity came back: then nothing of it was at the engine when it was read, and nothing of it
  /// had still to be wiped.
  private func gone(_ id: AllocationID, stays: Int64?, _ report: AgentReport) {
    let sent = Sent(instance: report.instance, sequence: report.sequence)
    guard let version = versions[sent] else { return fail("nobody sent \(sent)") }
    let truth = world.engine(report.cluster).versions[version]
    let held = truth.held.first { $0.row.allocation == id }
    // What goes on beside what left may stay, and a later part of it may be leaving by now.
    let isGone = held.map { $0.row.limit.gpus <= stays ?? -1 } ?? true
    guard isGone, !truth.wiping.contains(id) else {
      return fail("\(id) is back at \(report.cluster), and the engine has \(truth)")
    }
  }

  /// That it is enforced was recorded: then the engine held it when it was read.
  private func really(_ body: BindingEnforced, _ report: AgentReport, _ office: Office) {
    enforced += 1
    let sent = Sent(instance: report.instance, sequence: report.sequence)
    guard let version = versions[sent] else { return fail("nobody sent \(sent)") }
    let truth = world.engine(report.cluster).versions[version]
    let row = office.programme.allocations[body.allocation]
    // The same read-back gave it back what it had lent: that is for the next one.
    guard row.generation == body.generation else { return }
    let held = truth.held.first { $0.row.allocation == body.allocation }
    // A team that lends all that it has holds nothing.
    if row.binding == .reserved(gpus: 0), held == nil { return }
    guard let held, held.row.limit == row.binding,
      held.row.suspended == (row.standing == .suspended)
    else {
      return fail("\(body.allocation) counts as enforced, and the engine held \(truth)")
    }
    // A suspended team has nothing to confirm.
    if row.standing == .live, world.engine(report.cluster).kind == .handover,
      row.confirmed != Digest(0, 0, 0, held.assets)
    {
      fail("\(body.allocation) counts as enforced with servers that nobody confirmed")
    }
  }

  /// One generation of a cluster is one state, whoever is told.
  func answered(_ reply: AgentReply, _ office: Office) {
    let key = Generation(cluster: reply.desired.cluster, generation: reply.desired.generation)
    let fold = Fold.of(CanonicalWriter.bytes(of: reply.desired))
    if let known = states[key], known != fold {
      fail("generation \(key.generation) of \(key.cluster) is two states")
    }
    states[key] = fold
  }
}
