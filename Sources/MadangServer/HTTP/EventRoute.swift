import HTTPTypes
import Hummingbird
import MadangProgramme
import ServiceLifecycle
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
  let feed: ChangeFeed

  func add(to router: Router<OfficeContext>) {
    router.get("api/v1/events") { _, context in
      let changes = try feed.changes(for: context.peer)
      return Response(
        status: .ok,
        headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
        body: ResponseBody { writer in
          try await writer.write(ByteBuffer(string: "retry: 3000\n\n"))
          var told: Int64 = -1
          for await size in changes.cancelOnGracefulShutdown() {
            // A comment keeps the way open where nothing happened.
            let text =
              size == told
              ? ":\n\n" : "id: \(size)\nevent: ledger\ndata: {\"events\":\(size)}\n\n"
            try await writer.write(ByteBuffer(string: text))
            told = size
          }
          try await writer.finish(nil)
        })
    }
  }
}

/// Tells all streams at once, from one look at the ledger.
final class ChangeFeed: Sendable {
  private struct Listener {
    let address: String
    let stream: AsyncStream<Int64>.Continuation
  }

  private struct Listeners {
    /// Places are used again, so that there are never more than there were listeners at once.
    var all: [Listener?] = []
    var free: [Int] = []
    var ofAddress: [String: Int] = [:]
    var isLooking = false
    var isOver = false

    var count: Int { all.count - free.count }

    mutating func add(_ listener: Listener) -> Int {
      ofAddress[listener.address, default: 0] += 1
      if let place = free.popLast() {
        all[place] = listener
        return place
      }
      all.append(listener)
      return all.count - 1
    }

    mutating func remove(_ place: Int) {
      guard let address = all[place]?.address else { return }
      all[place] = nil
      free.append(place)
      let left = (ofAddress[address] ?? 1) - 1
      ofAddress[address] = left > 0 ? left : nil
    }
  }

  private let counter: Counter
  private let limits: HTTPLimits
  private let listeners = Mutex(Listeners())
  private static let look = Duration.milliseconds(100)
  /// Looks between two signs of life.
  private static let quietLooks = 50

  init(_ counter: Counter, _ limits: HTTPLimits) {
    self.counter = counter
    self.limits = limits
  }

  /// A stream for somebody at this address, which ends with whoever reads it.
  func changes(for address: String) throws(HTTPRefusal) -> AsyncStream<Int64> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Int64.self, bufferingPolicy: .bufferingNewest(1))
    let added = listeners.withLock { listeners -> (place: Int, starts: Bool)? in
      guard !listeners.isOver, listeners.count < limits.streamsMax,
        listeners.ofAddress[address] ?? 0 < limits.streamsPerAddressMax
      else { return nil }
      defer { listeners.isLooking = true }
      return (
        listeners.add(Listener(address: address, stream: continuation)), !listeners.isLooking
      )
    }
    guard let (place, starts) = added else { throw .busy }
    continuation.onTermination = { [weak self] _ in
      self?.listeners.withLock { $0.remove(place) }
    }
    continuation.yield(counter.programme.eventCount)
    if starts { Task { await watch() } }
    return stream
  }

  /// Ends all streams, and begins none any more: a server that stops would wait for them.
  func end() {
    let all = listeners.withLock { listeners in
      listeners.isOver = true
      return listeners.all
    }
    for listener in all { listener?.stream.finish() }
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
      let tells = size != known || quiet >= ChangeFeed.quietLooks
      let (isOver, awake) = listeners.withLock { listeners in
        if listeners.count == 0 { listeners.isLooking = false }
        return (listeners.count == 0, tells ? listeners.all : [])
      }
      if isOver { return }
      guard tells else { continue }
      // Also where it is as before: a sign of life must not take the place of a change that waits.
      for listener in awake { listener?.stream.yield(size) }
      known = size
      quiet = 0
    }
  }
}
