import MadangControl
import MadangProgramme

/// What people, jobs and machines do in a yard.
extension HeldYard {
  mutating func happen(_ random: inout Seeded) {
    now = Instant(now.seconds + Int64(random.draw(0...120)))
    for _ in 0..<random.draw(0...2) { submit(&random) }
    work(&random)
    decide(&random)
    lend(&random)
    apply(&random)
    if random.chance(10) {
      isUp[random.draw(0...(isUp.count - 1))].toggle()
      reach("GPUs went or came")
    }
    if random.chance(3) {
      loseFolder(&random)
      reach("the folder was lost")
    }
    if random.chance(12) { waitAgain(&random) }
  }

  /// Jobs end, in time or late, and what they used becomes known, at once or later.
  private mutating func work(_ random: inout Seeded) {
    for token in runs.keys.sorted() {
      guard let run = runs[token] else { continue }
      meter(token)
      let place = tasks.firstIndex { $0.token == token }
      let isCanceled = place.map { tasks[$0].isCanceled } ?? true
      let allocation = allocations[self.place(run.allocation)]
      let isUnentitled =
        !allocation.isBound || allocation.isSuspended || allocation.to <= now
      if isCanceled || isUnentitled || run.endsBy <= now
        ? random.chance(70) : random.chance(8)
      {
        stop(token)
      }
      if random.chance(60) { report(token) }
    }
    guard random.chance(20),
      let place = tasks.indices.filter({ tasks[$0].state != .ended })
        .randomElement(using: &random)
    else { return }
    tasks[place].isCanceled = true
    reach("a \(tasks[place].state) task was canceled")
  }

  /// Allocations are suspended and resumed, budgets made larger and smaller, what is over is over.
  private mutating func decide(_ random: inout Seeded) {
    for place in allocations.indices {
      if random.chance(allocations[place].isSuspended ? 25 : 4) {
        allocations[place].isSuspended.toggle()
        reach("suspended or resumed")
      }
      if allocations[place].gpus == nil, random.chance(8) {
        books.grant(allocations[place].id, Int64(random.draw(-2_000...8_000)))
      }
      let isOver = allocations[place].to <= now
      if allocations[place].isBound, isOver ? random.chance(50) : random.chance(1) {
        allocations[place].isBound = false
        reach("an allocation ended")
      }
    }
  }

  /// GPUs of a reservation are lent for a time, asked back with notice, and come back.
  private mutating func lend(_ random: inout Seeded) {
    let lender = place(AllocationID(4))
    if random.chance(10), allocations[lender].isBound, let own = allocations[lender].gpus, own > 0 {
      let gpus = Int64(random.draw(1...Int(own)))
      var borrowed = Allocation(
        id: AllocationID(allocations.count + 1), pool: allocations[lender].pool,
        gpus: gpus, observed: gpus)
      borrowed.lender = allocations[lender].id
      borrowed.to = Instant(now.seconds + Int64(random.draw(100...1_500)))
      allocations[lender].gpus = own - gpus
      allocations[lender].observed = own - gpus
      allocations.append(borrowed)
      reach("lent")
    }
    for place in allocations.indices {
      guard allocations[place].lender != nil, let lent = allocations[place].gpus else { continue }
      if allocations[place].isBound, random.chance(15) {
        let notice = Instant(now.seconds + Int64(random.draw(0...200)))
        allocations[place].to = min(allocations[place].to, notice)
        reach("recalled")
      }
      // Work has stopped there, and it was wiped.
      let isEmpty = !runs.values.contains { $0.allocation == allocations[place].id }
      guard !allocations[place].isBound, isEmpty, allocations[place].isObserved,
        random.chance(50)
      else { continue }
      allocations[place].isObserved = false
      allocations[lender].gpus = (allocations[lender].gpus ?? 0) + lent
      allocations[place].lender = nil
      reach("came back")
    }
  }

  /// The engine enforces what it should, a little later.
  private mutating func apply(_ random: inout Seeded) {
    for place in allocations.indices where random.chance(70) {
      allocations[place].observed = allocations[place].gpus
      if !allocations[place].isBound, allocations[place].lender == nil {
        allocations[place].isObserved = false
      }
    }
  }

  /// A task that was said to run waits after all: what it was begun by is over, and its next start
  /// has another token.
  private mutating func waitAgain(_ random: inout Seeded) {
    let begun = tasks.indices.filter { tasks[$0].state == .starting || tasks[$0].state == .running }
    guard let place = begun.randomElement(using: &random), let token = tasks[place].token else {
      return
    }
    stop(token)
    report(token)
    end(place, as: runs[token] == nil ? .voided : .posted, &random)
    runs[token] = nil
    (tasks[place].token, tasks[place].startedAt) = (nil, nil)
    tasks[place].state = .waiting
    reach("waits again")
  }

  /// Nobody comes any more, and all that is begun ends.
  mutating func finish(_ random: inout Seeded) {
    for place in tasks.indices { tasks[place].isCanceled = true }
    for _ in 0..<2 {
      for token in runs.keys.sorted() {
        stop(token)
        report(token)
      }
      settle(&random)
    }
  }
}
