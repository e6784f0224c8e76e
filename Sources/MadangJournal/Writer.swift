import Dispatch
import MadangProgramme
import Synchronization

/// The journal's front for many clients at once: requests wait in an inbox and leave it in batches,
/// so that a hundred clients share one fsync.
///
/// ```
///  clients ─▶ inbox ─▶ decide, encode, hash ─▶ open batch ─▶ rows, COMMIT + fsync ─▶ replies
///                      (one thread)                          (another)
/// ```
/// While one batch is on its way to the disk, the next is filled with whatever comes, on the value
/// that the first will make. It leaves the moment the disk is free: nobody waits for a timer, and
/// batches are as large as the disk is slow. A lone request finds the disk free, and goes the whole
/// way on one thread.
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

  private struct Work {
    var inbox: [Waiting] = []
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
  private let answering = DispatchQueue(label: "madang.answering", qos: .userInitiated)

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
      case .rest: return
      }
    }
  }

  private static func step(_ work: inout Work, _ open: inout Open?) -> Step {
    if work.ahead == nil, let ready = open.take() {
      work.ahead = ready.batch.state
      return .store(ready)
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
      commit(open)
      let wakes: Bool
      (next, wakes) = work.withLock { work in
        let ready = work.open.take()
        work.ahead = ready?.batch.state
        // A batch that was full left requests in the inbox.
        let wakes = !work.isDeciding && !work.inbox.isEmpty
        if wakes { work.isDeciding = true }
        return (ready, wakes)
      }
      if wakes { deciding.async { self.decide() } }
    }
  }

  private func commit(_ open: Open) {
    let replies: [Result<Reply, JournalError>]
    do {
      replies = try journal.commit(open.batch).map { .success($0) }
    } catch {
      replies = open.waiting.map { _ in .failure(error) }
    }
    formed(open.waiting.count)
    if replies.count == 1 {
      open.waiting[0].answer.resume(returning: replies[0])
    } else {
      // Waking so many takes a while; the disk need not wait for it.
      answering.async {
        for (waiting, reply) in zip(open.waiting, replies) {
          waiting.answer.resume(returning: reply)
        }
      }
    }
  }
}
