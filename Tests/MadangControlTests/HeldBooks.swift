import MadangProgramme

/// Budgets by the programme's own rules. Every change is noted too, for whoever recounts.
struct HeldBooks {
  enum Fact {
    /// By how much the budget became larger, or smaller.
    case granted(AllocationID, Int64)
    case held(EngineJob, AllocationID, Int64)
    case used(EngineJob, AllocationID, Int64)
    case ended(EngineJob, HoldState)
    /// A job has these GPUs. What it could use at most was held before, where it has a budget.
    case began(EngineJob, forecast: Int64?, gpus: [Int])
    case stopped(EngineJob)
  }

  private(set) var holds: [EngineJob: HeldBudget] = [:]
  private(set) var balances: [AllocationID: BudgetBalance] = [:]
  private(set) var facts: [Fact] = []

  mutating func grant(_ allocation: AllocationID, _ amount: Int64) {
    balances[allocation, default: BudgetBalance()].granted += GPUSeconds(amount)
    facts.append(.granted(allocation, amount))
  }

  mutating func keep(_ hold: Hold, at now: Instant) -> HoldResult {
    let result = hold.result(
      stored: holds[hold.key], balance: balances[hold.allocation], at: now)
    guard result == .done else { return result }
    holds[hold.key] = HeldBudget(hold: hold)
    balances[hold.allocation]?.held += hold.amount
    facts.append(.held(hold.key, hold.allocation, hold.amount.count))
    return .done
  }

  /// May be asked again, and otherwise: only the first ends it.
  mutating func end(_ key: EngineJob, as state: HoldState) {
    guard HeldBudget.result(ending: holds[key], in: state) == .done, let held = holds[key] else {
      return
    }
    balances[held.hold.allocation]?.held -= held.remaining
    holds[key]?.state = state
    facts.append(.ended(key, state))
  }

  mutating func expire(at now: Instant) {
    for key in holds.keys.sorted() {
      if let held = holds[key], held.state == .pending, held.hold.expires <= now {
        end(key, as: .expired)
      }
    }
  }

  /// What a hold does not cover comes straight out of the budget.
  mutating func use(_ key: EngineJob, _ allocation: AllocationID, _ amount: Int64) {
    let seconds = GPUSeconds(amount)
    let share = holds[key]?.share(of: seconds) ?? .zero
    holds[key]?.posted += share
    balances[allocation, default: BudgetBalance()].held -= share
    balances[allocation, default: BudgetBalance()].used += seconds
    facts.append(.used(key, allocation, amount))
  }

  mutating func note(_ fact: Fact) { facts.append(fact) }
}

/// What the facts come to, counted from nothing by other means than the rules: no balance, no
/// states, only what was said in which order.
struct HeldRecount {
  private struct Kept {
    let allocation: AllocationID
    let amount: Int64
    var used: Int64 = 0
    var ends: [HoldState] = []
    /// What it still keeps from others.
    var rest: Int64 { ends.isEmpty ? max(0, amount - used) : 0 }
  }

  private(set) var faults: [String] = []
  private(set) var ends: [HoldState: Int] = [:]
  private var kept: [EngineJob: Kept] = [:]
  private var granted: [AllocationID: Int64] = [:]
  private var used: [AllocationID: Int64] = [:]
  private var users: [Int: EngineJob] = [:]
  private var begun: Set<EngineJob> = []
  /// By how much a budget may be overdrawn: it was made smaller, or more was used than was held.
  private var slack: [AllocationID: Int64] = [:]

  init(_ facts: [HeldBooks.Fact]) {
    for fact in facts { add(fact) }
  }

  func pending() -> Int { kept.values.count { $0.ends.isEmpty } }

  func left(_ allocation: AllocationID) -> Int64 {
    let rest = kept.values.reduce(0) { $0 + ($1.allocation == allocation ? $1.rest : 0) }
    return (granted[allocation] ?? 0) - rest - (used[allocation] ?? 0)
  }

  private mutating func add(_ fact: HeldBooks.Fact) {
    switch fact {
    case .granted(let allocation, let amount):
      granted[allocation, default: 0] += amount
      slack[allocation, default: 0] += max(0, -amount)
    case .held(let key, let allocation, let amount):
      if kept[key] != nil { faults.append("\(key.hex) is held twice") }
      kept[key] = Kept(allocation: allocation, amount: amount)
      if left(allocation) < 0 { faults.append("\(allocation) holds more than is left") }
    case .used(let key, let allocation, let amount):
      let rest = kept[key]?.rest ?? 0
      kept[key]?.used += amount
      used[allocation, default: 0] += amount
      slack[allocation, default: 0] += max(0, amount - rest)
      if left(allocation) < -(slack[allocation] ?? 0) {
        faults.append("\(allocation) is overdrawn by what was held")
      }
    case .ended(let key, let state):
      if kept[key]?.ends.isEmpty != true { faults.append("\(key.hex) ends again, or never began") }
      kept[key]?.ends.append(state)
      ends[state, default: 0] += 1
    case .began(let key, let forecast, let gpus): begin(key, forecast, gpus)
    case .stopped(let key): users = users.filter { $0.value != key }
    }
  }

  private mutating func begin(_ key: EngineJob, _ forecast: Int64?, _ gpus: [Int]) {
    if !begun.insert(key).inserted { faults.append("\(key.hex) began twice") }
    if let forecast, forecast > 0 {
      if kept[key]?.amount != forecast || kept[key]?.ends.isEmpty != true {
        faults.append("\(key.hex) began without its hold")
      }
    }
    for gpu in gpus {
      if let other = users.updateValue(key, forKey: gpu) {
        faults.append("GPU \(gpu) is \(other.hex)'s and \(key.hex)'s")
      }
    }
  }
}
