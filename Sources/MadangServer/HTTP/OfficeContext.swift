import Hummingbird
import Logging
import MadangAccess
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

  /// The other side, as it counts for limits. A proxy's word for whom it speaks is not believed.
  var peer: String { PeerAddress.counted(channel.remoteAddress?.ipAddress ?? "-") }

  /// The whole body of a request: exactly the bytes that came, so that a signature can be checked
  /// over them.
  ///
  /// Its length has to be given, so that one that is too long is refused before it is read. One
  /// that is not there in time ends the connection (``Patience``): there is nobody to talk to.
  func body(of request: Request, bytesMax: Int) async throws(HTTPRefusal) -> [UInt8] {
    guard let length = request.headers[.contentLength].flatMap({ Int($0) }), length >= 0 else {
      throw .lengthMissing
    }
    guard length <= bytesMax else { throw .tooLong(bytes: bytesMax) }
    guard BodyRoom.take(length) else { throw .busy }
    defer { BodyRoom.give(length) }
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
}
