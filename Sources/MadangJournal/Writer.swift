import Dispatch
import MadangProgramme
import Synchronization

/// The journal's front for many clients at once: requests wait in an inbox and leave it in batches,
/// so that a hundred clients share one fsync.
///
/// ```
///  clients ─▶ inbox ─▶ decide, encode, hash ─▶ open batch ─▶ rows, COMMIT + fsync
///     ▲                (one thread)                          (another)      │
///     └──────────────── replies ◀───────────────────────────────────────────┘
/// ```
/// While one batch is on its way to the disk, the next is filled with whatever comes, on the value
/// that the first will make. It leaves the moment the disk is free: nobody waits for a timer, and
/// batches are as large as the disk is slow. Clients are woken by the thread that will decide what
/// they ask next, so that the disk waits for neither. A lone request finds the disk free, and goes
/// the whole way on one thread.
public final class Writer: Sendable {
  /// Requests in one batch: beyond this an fsync is no longer what a request waits for.
  public static let batchMax = 256
  /// Requests that may wait; more are told to come again.
  public static let inboxMax = 65_536
  /// Requests that are decided before it is asked again whether the disk is free.
  private static let stepMax = 16

  /// A request and who waits for its reply. An object, so that queues pass it on without copying.
  private final class Waiting: Sendable {
    let request: Request
    let answer: CheckedContinuation<Result<Reply, JournalError>, Never>

    init(_ request: Request, _ answer: CheckedContinuation<Result<Reply, JournalError>, Never>) {
      self.request = request
      self.answer = answer
    }
  }

  /// A batch with those who wait for it.
  private struct Open: Sendable {
    var batch: Batch
    var waiting: [Waiting] = []
  }

  /// A batch's clients with what became of their requests.
  private struct Done: Sendable {
    let waiting: [Waiting]
    let replies: [Result<Reply, JournalError>]

    func answer() {
      for (waiting, reply) in zip(waiting, replies) { waiting.answer.resume(returning: reply) }
    }
  }

  private struct Work {
    var inbox: [Waiting] = []
    /// Batches that are on the disk, or failed, and whose clients do not know yet.
    var done: [Done] = []
    /// The batch that is being filled, while nobody is at it.
    var open: Open?
    /// The value that the batch on its way to the disk will make; nothing where the disk is free.
    var ahead: State?
    /// Somebody looks after the inbox.
    var isDeciding = false
  }

  private let journal: Journal
  private let formed: @Sendable (Int) -> Void
  private let work = Mutex(Work())
  private let deciding = DispatchQueue(label: "madang.deciding", qos: .userInitiated)
  private let storing = DispatchQueue(label: "madang.storing", qos: .userInitiated)

  public init(_ journal: Journal) {
    self.journal = journal
    formed = { _ in }
  }

  /// `formed` hears how many requests each batch had, before they are answered.
  package init(_ journal: Journal, formed: @escaping @Sendable (Int) -> Void) {
    self.journal = journal
    self.formed = formed
  }

  /// Does one request. The reply comes when its events are on the disk.
  public func submit(_ request: Request) async throws(JournalError) -> Reply {
    let result = await withCheckedContinuation { enqueue(Waiting(request, $0)) }
    return try result.get()
  }

  private func enqueue(_ waiting: Waiting) {
    enum Next { case wait, decide, refuse }
    let next = work.withLock { work -> Next in
      guard work.inbox.count < Writer.inboxMax else { return .refuse }
      work.inbox.append(waiting)
      defer { work.isDeciding = true }
      return work.isDeciding ? .wait : .decide
    }
    switch next {
    case .wait: break
    case .decide: deciding.async { self.decide() }
    case .refuse: waiting.answer.resume(returning: .failure(.inboxFull(limit: Writer.inboxMax)))
    }
  }

  // MARK: Deciding

  private enum Step {
    case add([Waiting], ahead: State?)
    case store(Open)
    case answer([Done])
    case rest
  }

  /// Fills batches and sends them off, until there is nothing to do but to wait for the disk.
  private func decide() {
    var open = work.withLock { $0.open.take() }
    while true {
      switch work.withLock({ Writer.step(&$0, &open) }) {
      case .add(let requests, let ahead):
        var filled = open.take() ?? Open(batch: journal.batch(after: ahead))
        for waiting in requests { filled.batch.add(waiting.request) }
        filled.waiting += requests
        open = filled
      case .store(let open):
        // Another thread would cost a lone request more than it could win.
        if open.waiting.count == 1 { store(open) } else { storing.async { self.store(open) } }
      case .answer(let done): for batch in done { batch.answer() }
      case .rest: return
      }
    }
  }

  private static func step(_ work: inout Work, _ open: inout Open?) -> Step {
    if work.ahead == nil, let ready = open.take() {
      work.ahead = ready.batch.state
      return .store(ready)
    }
    if !work.done.isEmpty {
      defer { work.done = [] }
      return .answer(work.done)
    }
    let room = Writer.batchMax - (open?.waiting.count ?? 0)
    let count = min(room, Writer.stepMax, work.inbox.count)
    if count > 0 {
      let requests = Array(work.inbox.prefix(count))
      work.inbox.removeFirst(count)
      return .add(requests, ahead: work.ahead)
    }
    work.open = open.take()
    work.isDeciding = false
    return .rest
  }

  // MARK: Storing

  /// Brings a batch to the disk, and then the next if it is ready.
  private func store(_ first: Open) {
    var next: Open? = first
    while let open = next {
      let done = commit(open)
      let wakes: Bool
      (next, wakes) = work.withLock { work in
        let ready = work.open.take()
        work.ahead = ready?.batch.state
        // Waking so many clients takes a while; the disk need not wait for it.
        work.done.append(done)
        defer { work.isDeciding = true }
        return (ready, !work.isDeciding)
      }
      if wakes { deciding.async { self.decide() } }
    }
  }

  private func commit(_ open: Open) -> Done {
    let replies: [Result<Reply, JournalError>]
    do {
      replies = try journal.commit(open.batch).map { .success($0) }
    } catch {
      replies = open.waiting.map { _ in .failure(error) }
    }
    formed(open.waiting.count)
    return Done(waiting: open.waiting, replies: replies)
  }
}
