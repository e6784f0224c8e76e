import Dispatch
import MadangProgramme
import Synchronization

/// The journal's front for many clients at once: requests wait in an inbox, and one queue takes
/// them out in batches, so that a hundred clients share one fsync.
public final class Writer: Sendable {
  /// Requests in one batch: beyond this an fsync is no longer what a request waits for.
  public static let batchMax = 256
  /// Requests that may wait; more are told to come again.
  public static let inboxMax = 65_536

  private typealias Waiting = (
    request: Request, answer: CheckedContinuation<Result<Reply, JournalError>, Never>
  )
  private struct Inbox {
    var waiting: [Waiting] = []
    var isDraining = false
  }

  private let journal: Journal
  private let inbox = Mutex(Inbox())
  private let queue = DispatchQueue(label: "madang.writer", qos: .userInitiated)

  public init(_ journal: Journal) { self.journal = journal }

  /// Does one request. The reply comes when its events are on the disk.
  public func submit(_ request: Request) async throws(JournalError) -> Reply {
    let result = await withCheckedContinuation { answer in
      enqueue((request, answer))
    }
    return try result.get()
  }

  private func enqueue(_ waiting: Waiting) {
    enum Next { case wait, drain, refuse }
    let next = inbox.withLock { inbox -> Next in
      guard inbox.waiting.count < Writer.inboxMax else { return .refuse }
      inbox.waiting.append(waiting)
      defer { inbox.isDraining = true }
      return inbox.isDraining ? .wait : .drain
    }
    switch next {
    case .wait: break
    case .drain: queue.async { self.drain() }
    case .refuse: waiting.answer.resume(returning: .failure(.inboxFull(limit: Writer.inboxMax)))
    }
  }

  private func drain() {
    while let batch = nextBatch() {
      let replies: [Result<Reply, JournalError>]
      do {
        replies = try journal.submit(batch.map(\.request)).map { .success($0) }
      } catch {
        replies = batch.map { _ in .failure(error) }
      }
      for (waiting, reply) in zip(batch, replies) { waiting.answer.resume(returning: reply) }
    }
  }

  private func nextBatch() -> [Waiting]? {
    inbox.withLock { inbox in
      guard !inbox.waiting.isEmpty else {
        inbox.isDraining = false
        return nil
      }
      let batch = Array(inbox.waiting.prefix(Writer.batchMax))
      inbox.waiting.removeFirst(batch.count)
      return batch
    }
  }
}
