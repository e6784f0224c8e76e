import Hummingbird
import Logging
import NIOCore
import Synchronization

/// The room for bodies that are being read, of all requests together.
private enum BodyRoom {
  private static let taken = Mutex(0)

  static func take(_ bytes: Int) -> Bool {
    taken.withLock { taken in
      guard taken + bytes <= HTTPLimits.bodiesBytesMax else { return false }
      taken += bytes
      return true
    }
  }

  static func give(_ bytes: Int) { taken.withLock { $0 -= bytes } }
}

/// What comes with a request: its connection, which a slow client loses.
struct OfficeContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// The whole body of a request: exactly the bytes that came, so that a signature can be checked
  /// over them.
  ///
  /// Its length has to be given, so that one that is too long is refused before it is read. A body
  /// that is not there in time ends the connection: there is nobody to talk to.
  func body(
    of request: Request, bytesMax: Int, seconds: Int64
  ) async throws(HTTPRefusal) -> [UInt8] {
    guard let length = request.headers[.contentLength].flatMap({ Int($0) }), length >= 0 else {
      endSoon()
      throw .lengthMissing
    }
    guard length <= bytesMax else {
      endSoon()
      throw .tooLong(bytes: bytesMax)
    }
    guard BodyRoom.take(length) else {
      endSoon()
      throw .busy
    }
    defer { BodyRoom.give(length) }
    let deadline = channel.eventLoop.scheduleTask(in: .seconds(seconds)) { [channel] in
      channel.close(promise: nil)
    }
    defer { deadline.cancel() }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length)
    do {
      for try await buffer in request.body { bytes.append(contentsOf: buffer.readableBytesView) }
    } catch {
      throw .cutOff
    }
    guard bytes.count == length else { throw .cutOff }
    return bytes
  }

  /// Ends the connection once the answer had time to arrive: what the client still sends is read
  /// and dropped until then, since closing at once would take the answer from it too.
  private func endSoon() {
    channel.eventLoop.scheduleTask(in: .seconds(10)) { [channel] in channel.close(promise: nil) }
  }
}
