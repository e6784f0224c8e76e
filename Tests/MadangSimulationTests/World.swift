import MadangAgent
import MadangEngines
import MadangProgramme
import MadangTestEngines

/// One run: everything that happens, in one thread, in virtual time, decided by one seed.
///
/// ```
///  people ──command──▶ network ──▶ office ──▶ disk
///                        ▲  │
///  agents ──report───────┘  └──reply──▶ agents ──▶ engines
/// ```
final class World: EngineWorld {
  enum Happening {
    case wakes(Int, Int)
    case performs(Int, Int, AgentLoop.Action)
    case gaveUp(Int, Int)
    case agentStarts(ClusterID)
    case arrives(Message)
    case officeStarts
    case applies(SimulatedEngine, DesiredState)
    case people
    case clock
    case officeWorks
    case jobs
    case jobEnds(ClusterID, Int)
    case troubles
    case deviceUp(ClusterID, AllocationID)
    case retries(Int)
  }

  enum Message {
    case report(AgentReport, agent: AgentID, from: Int, turn: Int)
    case exchanged(AgentLoop.Result, to: Int, turn: Int)
    case command(Int)
    case answered(Int, Answer)
  }

  let seed: UInt64
  let mutation: Mutation?
  var random: Random
  var faults: Faults
  private(set) var now = Base.start.seconds
  private var queue = Queue()
  private(set) var isTracing: Bool
  private(set) var lines: [String] = []
  private(set) var steps = 0

  var agents: [AgentProcess] = []
  var instances: UInt64 = 0
  private var tokens: UInt64 = 0
  private(set) var engines: [SimulatedEngine] = []
  private(set) var office: Office!
  private(set) var checks: Checks!
  var requests: [Request] = []

  init(seed: UInt64, mutation: Mutation? = nil, isTracing: Bool = false) {
    self.seed = seed
    self.mutation = mutation
    self.isTracing = isTracing
    random = Random(seed: seed)
    faults = Faults(&random)
    checks = Checks(self)
    office = Office(self)
    let kinds: [EngineKind] = [.slurm, .local, .handover]
    engines = zip(kinds, Base.clusters).enumerated().map { index, made in
      SimulatedEngine(made.0, made.1, gpus: Base.gpus[index], model: Base.model, self)
    }
  }

  var instant: Instant { Instant(now) }
  func engine(_ cluster: ClusterID) -> SimulatedEngine { engines[Int(cluster.number) - 1] }
  func breaks(_ mutation: Mutation) -> Bool { self.mutation == mutation }

  func happens(_ fault: Fault, _ permille: Int) -> Bool {
    faults.happens(fault, permille, &random)
  }

  func at(_ time: Int64, _ happening: Happening) { queue.push(time, happening) }
  func token() -> EngineJob {
    tokens += 1
    return EngineJob(high: 99, low: tokens)
  }

  func officeStarts(after seconds: Int) { at(now + Int64(seconds), .officeStarts) }

  func draw(_ range: ClosedRange<Int>) -> Int { random.draw(range) }

  func later(_ engine: SimulatedEngine, _ desired: DesiredState, after seconds: Int) {
    at(now + Int64(seconds), .applies(engine, desired))
  }

  func trace(_ text: @autoclosure () -> String) {
    guard isTracing else { return }
    lines.append("\(now - Base.start.seconds) s: \(text())")
  }

  // MARK: The run

  /// Seconds in which things go wrong, and the most that may pass until all is well again.
  private static let troubleSeconds: Int64 = 1_200
  private static let settleSeconds: Int64 = 900

  func run() {
    for cluster in Base.clusters { startAgent(cluster) }
    let all: [Happening] = [.people, .clock, .officeWorks, .jobs, .troubles]
    for happening in all { at(now + 1, happening) }
    let trouble = Base.start.seconds + World.troubleSeconds
    pass(until: trouble)
    guard checks.failures.isEmpty else { return }
    faults.stop()
    settleDown()
    let end = trouble + World.settleSeconds
    while now < end, checks.failures.isEmpty {
      pass(until: now + 20)
      if checks.isSettled { break }
    }
    finish()
    checks.atTheEnd()
  }

  private func pass(until end: Int64) {
    while let next = queue.pop(before: end) {
      now = max(now, next.at)
      steps += 1
      happen(next.happening)
      if !checks.failures.isEmpty { return }
    }
    now = end
  }

  /// The run's last hour ends, and what is left to seal is sealed. Nobody is there any more: what
  /// nobody looks at is unobserved.
  private func finish() {
    guard checks.failures.isEmpty, checks.isSettled else { return }
    now = Hour(of: instant).end.seconds + 600
    for _ in 0..<3 { office.work() }
  }

  private func settleDown() {
    trace("faults stop")
    for engine in engines {
      engine.endAll()
      for id in office.programme.allocations.ids { engine.setDown(id, 0) }
    }
    for index in agents.indices { agents[index].behindSeconds = 0 }
  }

  private func happen(_ happening: Happening) {
    switch happening {
    case .wakes(let index, let turn):
      if agents[index].turn == turn { result(index, .waited) }
    case .performs(let index, let turn, let action): perform(index, turn, action)
    case .gaveUp(let index, let turn):
      if agents[index].turn == turn { result(index, .unheard) }
    case .agentStarts(let cluster): startAgent(cluster)
    case .arrives(let message): arrive(message)
    case .officeStarts: office.start()
    case .applies(let engine, let desired): engine.enforce(desired)
    case .people: peopleAct()
    case .clock:
      ask(.advance(instant), by: Base.clerk)
      at(now + 60, .clock)
    case .officeWorks:
      office.work()
      at(now + 20, .officeWorks)
    case .jobs: jobs()
    case .jobEnds(let cluster, let run): engine(cluster).end(run)
    case .troubles: troubles()
    case .deviceUp(let cluster, let allocation): engine(cluster).setDown(allocation, 0)
    case .retries(let index): retry(index)
    }
  }

  private func jobs() {
    for engine in engines where !faults.isOver {
      if (now - Base.start.seconds) % 60 == 0 { engine.cutAll() }
      guard random.chance(25), let run = engine.begin(&random) else { continue }
      at(now + Int64(random.draw(1...400)), .jobEnds(engine.cluster, run))
    }
    at(now + 10 - (now - Base.start.seconds) % 10, .jobs)
  }

  /// What goes wrong by itself.
  private func troubles() {
    at(now + 20, .troubles)
    for cluster in Base.clusters {
      if happens(.twoAgents, 60) { startAgent(cluster) }
      if happens(.engineForgets, 30), cluster != Base.clusters[2] { engine(cluster).forget() }
      if happens(.deviceDown, 60), let held = engine(cluster).now.held.first {
        engine(cluster).setDown(held.row.allocation, 1)
        at(now + Int64(random.draw(20...200)), .deviceUp(cluster, held.row.allocation))
      }
    }
    for index in agents.indices where agents[index].isAlive {
      if happens(.agentClockBack, 20) {
        agents[index].behindSeconds = Int64(random.draw(0...600))
      }
    }
    if happens(.officeCrash, 20), office.isUp { let _: Answer? = office.crash() }
  }

  // MARK: The network

  func send(_ message: Message) {
    let isRequest =
      switch message {
      case .report, .command: true
      case .exchanged, .answered: false
      }
    if happens(isRequest ? .requestLost : .replyLost, 40) { return }
    at(now + latency(), .arrives(message))
    if isRequest, happens(.messageTwice, 60) { at(now + latency() + 1, .arrives(message)) }
  }

  private func latency() -> Int64 {
    happens(.messageLate, 60) ? Int64(random.draw(2...120)) : Int64(random.draw(0...1))
  }

  private func arrive(_ message: Message) {
    switch message {
    case .report(let report, let agent, let from, let turn):
      guard office.isUp, let exchange = office.take(report, from: agent) else { return }
      switch exchange {
      case .replied(let reply): send(.exchanged(.replied(reply), to: from, turn: turn))
      case .refused(let refusal):
        trace("agent \(from) is refused: \(refusal)")
        send(.exchanged(.refused(refusal), to: from, turn: turn))
      case .unheard: send(.exchanged(.unheard, to: from, turn: turn))
      }
    case .exchanged(let result, let to, let turn):
      if agents[to].turn == turn { self.result(to, result) }
    case .command(let index):
      let request = requests[index]
      guard office.isUp, let answer = office.take(request.command, request.key) else { return }
      trace("\(request.key.by) asked \(request.command): \(answer)")
      send(.answered(index, answer))
    case .answered(let index, let answer):
      if answer != .unavailable { requests[index].isAnswered = true }
    }
  }
}

/// What happens next: first in time, and of one moment in the order in which it was said.
private struct Queue {
  struct Entry {
    let at: Int64
    let order: Int
    let happening: World.Happening
  }

  private var heap: [Entry] = []
  private var count = 0

  private static func precedes(_ a: Entry, _ b: Entry) -> Bool {
    (a.at, a.order) < (b.at, b.order)
  }

  mutating func push(_ at: Int64, _ happening: World.Happening) {
    heap.append(Entry(at: at, order: count, happening: happening))
    count += 1
    var child = heap.count - 1
    while child > 0, Queue.precedes(heap[child], heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop(before end: Int64) -> Entry? {
    guard let first = heap.first, first.at < end else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if Queue.precedes(heap[child], heap[least]) { least = child }
      }
      if least == parent { return first }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
