import HTTPTypes
import Hummingbird
import MadangProgramme
import Synchronization

/// `GET /api/v1/events`: server-sent events, one whenever the ledger grew.
///
/// ```
/// id: 3613
/// event: ledger
/// data: {"events":3613}
/// ```
/// It names how many events there are, not what they say: whoever wants to know asks, and sees what
/// is for them.
struct EventRoute: Sendable {
  private let feed: ChangeFeed

  init(counter: Counter) { feed = ChangeFeed(counter) }

  func add(to router: Router<OfficeContext>) {
    router.get("api/v1/events") { _, _ in
      let changes = feed.changes()
      return Response(
        status: .ok,
        headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
        body: ResponseBody { writer in
          try await writer.write(ByteBuffer(string: "retry: 3000\n\n"))
          for await size in changes {
            // A comment keeps the way open where nothing happens.
            let text =
              size < 0
              ? ":\n\n" : "id: \(size)\nevent: ledger\ndata: {\"events\":\(size)}\n\n"
            try await writer.write(ByteBuffer(string: text))
          }
          try await writer.finish(nil)
        })
    }
  }
}

/// Tells all streams at once, from one look at the ledger.
final class ChangeFeed: Sendable {
  private struct Listeners {
    var next = 0
    var all: [Int: AsyncStream<Int64>.Continuation] = [:]
    var isLooking = false
  }

  private let counter: Counter
  private let listeners = Mutex(Listeners())
  private static let look = Duration.milliseconds(100)
  /// Looks between two signs of life.
  private static let quietLooks = 50

  init(_ counter: Counter) { self.counter = counter }

  func changes() -> AsyncStream<Int64> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Int64.self, bufferingPolicy: .bufferingNewest(1))
    let starts = listeners.withLock { listeners in
      let id = listeners.next
      listeners.next += 1
      listeners.all[id] = continuation
      continuation.onTermination = { [weak self] _ in
        _ = self?.listeners.withLock { $0.all.removeValue(forKey: id) }
      }
      defer { listeners.isLooking = true }
      return !listeners.isLooking
    }
    continuation.yield(counter.programme.eventCount)
    if starts { Task { await watch() } }
    return stream
  }

  /// Looks until nobody listens any more.
  private func watch() async {
    var known = counter.programme.eventCount
    var quiet = 0
    while true {
      // A sleep that was cut short is a look too early.
      try? await Task.sleep(for: ChangeFeed.look)
      let size = counter.programme.eventCount
      quiet += 1
      let awake = listeners.withLock { listeners -> [AsyncStream<Int64>.Continuation] in
        if listeners.all.isEmpty { listeners.isLooking = false }
        return listeners.all.sorted { $0.key < $1.key }.map(\.value)
      }
      if awake.isEmpty { return }
      if size != known || quiet >= ChangeFeed.quietLooks {
        for listener in awake { listener.yield(size == known ? -1 : size) }
        known = size
        quiet = 0
      }
    }
  }
}
