import GRDB
public import MadangProgramme

/// Budgets of allocations: granted, held, used.
extension Operations {
  /// Gives an allocation more GPU time, or with a negative amount takes some back. `event` is the
  /// journal's event that says so: each is done once.
  public func grant(
    _ amount: GPUSeconds, to allocation: AllocationID, event: Int64, at: Instant
  ) throws(JournalError) -> HoldResult {
    guard amount != .zero else { return .badAmount }
    return try transaction { db in
      let stored = try Row.fetchOne(
        db, sql: "SELECT seconds, fromAccount FROM entry WHERE allocation = ? AND event = ?",
        arguments: [allocation.number, event])
      if let stored {
        let seconds = try stored.integer(0)
        let had = try stored.integer(1) == 0 ? seconds : -seconds
        return had == amount.count ? .exists : .differs(.amount)
      }
      let book = BudgetBook(db, at: at)
      var balance = try book.balance(allocation) ?? BudgetBalance()
      balance.granted += amount
      let isMore = amount > .zero
      try book.enter(
        allocation, isMore ? .awarded : .budget, isMore ? .budget : .awarded,
        isMore ? amount : .zero - amount, event: event)
      try book.set(balance, allocation)
      return .done
    }
  }

  /// Keeps budget for work that is about to begin: an answer each, in order, and what an earlier
  /// one took is gone for a later one.
  public func hold(_ holds: [Hold], at: Instant) throws(JournalError) -> [HoldResult] {
    try transaction { db in
      let book = BudgetBook(db, at: at)
      return try holds.map { try book.keep($0) }
    }
  }

  /// Ends holds: posted where the work is over and its usage recorded, voided where it never began.
  /// What they still kept is free again.
  public func end(
    _ keys: [EngineJob], as state: HoldState, at: Instant
  ) throws(JournalError) -> [HoldResult] {
    try transaction { db in
      let book = BudgetBook(db, at: at)
      return try keys.map { key in
        let stored = try book.hold(key)
        let result = HeldBudget.result(ending: stored, in: state)
        if result == .done, let stored { try book.end(stored, as: state) }
        return result
      }
    }
  }

  /// Ends every hold whose time is over; answers how many.
  public func expireHolds(at: Instant) throws(JournalError) -> Int {
    // Asked every few seconds, and hardly ever so: others who write need not wait for it.
    let isDue = try read { db in try !BudgetBook(db, at: at).expired().isEmpty }
    guard isDue else { return 0 }
    return try transaction { db in
      let book = BudgetBook(db, at: at)
      let due = try book.expired()
      for held in due { try book.end(held, as: .expired) }
      return due.count
    }
  }

  /// The balance of an allocation; nothing where it never had an entry.
  public func balance(of allocation: AllocationID) throws(JournalError) -> BudgetBalance? {
    try read { db in
      try BudgetBook(db, at: Instant(0)).balance(allocation)
    }
  }

  /// Every balance, in order of allocation.
  public func balances() throws(JournalError) -> [(AllocationID, BudgetBalance)] {
    try read { db in
      let rows = try Row.fetchCursor(
        db, sql: "SELECT allocation, granted, held, used FROM balance ORDER BY allocation")
      var balances: [(AllocationID, BudgetBalance)] = []
      while let row = try rows.next() {
        guard let allocation: AllocationID = try row.identifier(0) else { continue }
        balances.append((allocation, try BudgetBook.balance(row, from: 1)))
      }
      return balances
    }
  }

  /// A hold as it stands.
  public func hold(_ key: EngineJob) throws(JournalError) -> HeldBudget? {
    try read { db in try BudgetBook(db, at: Instant(0)).hold(key) }
  }
}

/// The tables of budgets, in one transaction: every change of a balance is an entry.
struct BudgetBook {
  let db: Database
  let at: Instant

  init(_ db: Database, at: Instant) {
    self.db = db
    self.at = at
  }

  /// Keeps budget where the rules let it.
  func keep(_ hold: Hold) throws -> HoldResult {
    let stored = try self.hold(hold.key)
    var balance = try balance(hold.allocation)
    let result = hold.result(stored: stored, balance: balance, at: at)
    guard result == .done else { return result }
    balance?.held += hold.amount
    try insert(hold)
    try enter(hold.allocation, .budget, .held, hold.amount, hold: hold.key)
    if let balance { try set(balance, hold.allocation) }
    return .done
  }

  func balance(_ allocation: AllocationID) throws -> BudgetBalance? {
    let statement = try db.cachedStatement(
      sql: "SELECT granted, held, used FROM balance WHERE allocation = ?")
    let rows = try Row.fetchCursor(statement, arguments: [allocation.number])
    return try rows.next().map { try BudgetBook.balance($0, from: 0) }
  }

  static func balance(_ row: Row, from column: Int) throws -> BudgetBalance {
    var balance = BudgetBalance()
    balance.granted = try row.gpuSeconds(column)
    balance.held = try row.gpuSeconds(column + 1)
    balance.used = try row.gpuSeconds(column + 2)
    return balance
  }

  func set(_ balance: BudgetBalance, _ allocation: AllocationID) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO balance (allocation, granted, held, used) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET granted = ?2, held = ?3, used = ?4
        """
    ).execute(unchecked: [
      allocation.number, balance.granted.count, balance.held.count, balance.used.count,
    ])
  }

  func enter(
    _ allocation: AllocationID, _ from: BudgetAccount, _ to: BudgetAccount, _ seconds: GPUSeconds,
    hold: EngineJob? = nil, event: Int64? = nil, corrects: Int64? = nil
  ) throws {
    let columns = hold?.columns
    try db.cachedStatement(
      sql: """
        INSERT INTO entry
          (at, allocation, fromAccount, toAccount, seconds, holdHigh, holdLow, event, corrects)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(unchecked: [
      at.seconds, allocation.number, Int(from.rawValue), Int(to.rawValue), seconds.count,
      columns?.high,
      columns?.low, event, corrects,
    ])
  }

  // MARK: Holds

  private static let holdColumns =
    "keyHigh, keyLow, allocation, seconds, expiresAt, state, posted"

  private static func held(_ row: Row) throws -> HeldBudget {
    guard let allocation: AllocationID = try row.identifier(2),
      let state = HoldState(rawValue: UInt8(clamping: try row.integer(5)))
    else { throw JournalError.damaged(reason: "a hold") }
    return HeldBudget(
      hold: Hold(
        key: EngineJob(columns: try row.integer(0), try row.integer(1)), allocation: allocation,
        amount: try row.gpuSeconds(3), expires: try row.instant(4)),
      state: state, posted: try row.gpuSeconds(6))
  }

  func hold(_ key: EngineJob) throws -> HeldBudget? {
    let (high, low) = key.columns
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: "SELECT \(BudgetBook.holdColumns) FROM hold WHERE keyHigh = ? AND keyLow = ?"),
      arguments: [high, low])
    return try rows.next().map { try BudgetBook.held($0) }
  }

  func expired() throws -> [HeldBudget] {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT \(BudgetBook.holdColumns) FROM hold WHERE state = 0 AND expiresAt <= ?
        ORDER BY expiresAt, keyHigh, keyLow
        """, arguments: [at.seconds])
    var due: [HeldBudget] = []
    while let row = try rows.next() { due.append(try BudgetBook.held(row)) }
    return due
  }

  func insert(_ hold: Hold) throws {
    let (high, low) = hold.key.columns
    try db.cachedStatement(
      sql: """
        INSERT INTO hold (keyHigh, keyLow, allocation, seconds, expiresAt, state)
        VALUES (?, ?, ?, ?, ?, 0)
        """
    ).execute(unchecked: [
      high, low, hold.allocation.number, hold.amount.count, hold.expires.seconds,
    ])
  }

  func update(_ held: HeldBudget) throws {
    let (high, low) = held.hold.key.columns
    try db.cachedStatement(
      sql: "UPDATE hold SET state = ?, posted = ? WHERE keyHigh = ? AND keyLow = ?"
    ).execute(unchecked: [Int(held.state.rawValue), held.posted.count, high, low])
  }

  func end(_ stored: HeldBudget, as state: HoldState) throws {
    let free = stored.remaining
    var ended = stored
    ended.state = state
    try update(ended)
    guard free > .zero, var balance = try balance(stored.hold.allocation) else { return }
    balance.held -= free
    try enter(stored.hold.allocation, .held, .budget, free, hold: stored.hold.key)
    try set(balance, stored.hold.allocation)
  }
}

/// Usage on its way into balances: summed up over a batch, so that an allocation has one entry a
/// batch and not one a segment; what a hold covers comes out of the hold.
struct BudgetPosting {
  private struct Sum {
    var balance: BudgetBalance
    /// Straight from the budget.
    var direct = GPUSeconds.zero
  }

  private let book: BudgetBook
  private var sums: [AllocationID: Sum] = [:]
  private var covered: [EngineJob: HeldBudget] = [:]
  private var taken: [EngineJob: GPUSeconds] = [:]
  /// Jobs of this batch that no hold covers.
  private var uncovered: Set<EngineJob> = []

  init(_ db: Database, at: Instant) { book = BudgetBook(db, at: at) }

  mutating func add(
    _ seconds: GPUSeconds, _ allocation: AllocationID, under job: EngineJob
  ) throws {
    if sums[allocation] == nil {
      sums[allocation] = Sum(balance: try book.balance(allocation) ?? BudgetBalance())
    }
    var direct = seconds
    if sums[allocation]?.balance.held ?? .zero > .zero, var held = try hold(job),
      held.hold.allocation == allocation
    {
      let share = held.share(of: seconds)
      held.posted += share
      covered[job] = held
      taken[job, default: .zero] += share
      sums[allocation]?.balance.held -= share
      sums[allocation]?.balance.used += share
      direct -= share
    }
    sums[allocation]?.direct += direct
  }

  private mutating func hold(_ job: EngineJob) throws -> HeldBudget? {
    if let held = covered[job] { return held }
    if uncovered.contains(job) { return nil }
    guard let held = try book.hold(job), held.state == .pending else {
      uncovered.insert(job)
      return nil
    }
    covered[job] = held
    return held
  }

  /// Writes what the batch came to.
  mutating func finish() throws {
    for (job, seconds) in taken.sorted(by: { $0.key < $1.key }) where seconds > .zero {
      guard let held = covered[job] else { continue }
      try book.update(held)
      try book.enter(held.hold.allocation, .held, .used, seconds, hold: job)
    }
    for (allocation, sum) in sums.sorted(by: { $0.key < $1.key }) {
      var balance = sum.balance
      if sum.direct > .zero {
        balance.used += sum.direct
        try book.enter(allocation, .budget, .used, sum.direct)
      }
      try book.set(balance, allocation)
    }
  }
}
