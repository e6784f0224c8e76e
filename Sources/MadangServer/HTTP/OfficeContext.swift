import HTTPTypes
import Hummingbird
import Logging
import MadangAccess
import NIOCore
import NIOHTTPTypes
import Synchronization

/// Of all requests together, whichever server of this process they came to.
private let room = Mutex(BodyRoom())

/// What comes with a request: its connection, which a slow client loses.
struct OfficeContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel
  /// For whom a proxy speaks that is believed.
  var forwarded: String?

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// The other side: of the connection, or of the believed proxy's.
  var address: String { forwarded ?? channel.remoteAddress?.ipAddress ?? "-" }

  /// The other side, as it counts for limits.
  var peer: String { PeerAddress.counted(address) }

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
    goOn(request)
    var bytes: [UInt8] = []
    let peer = peer
    // Room is for what has come: a length alone takes nobody's.
    defer { room.withLock { $0.give(bytes.count, peer) } }
    do {
      for try await buffer in request.body {
        guard room.withLock({ $0.take(buffer.readableBytes, peer) }) else {
          throw HTTPRefusal.busy
        }
        bytes.append(contentsOf: buffer.readableBytesView)
      }
    } catch {
      throw error as? HTTPRefusal ?? .cutOff
    }
    guard bytes.count == length else { throw .cutOff }
    return bytes
  }

  /// Whoever waits to be told that the body is wanted is told (RFC 9110, 10.1.1); who is refused
  /// before hears that instead.
  private func goOn(_ request: Request) {
    guard request.headers[.expect]?.lowercased() == "100-continue" else { return }
    channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)), promise: nil)
  }
}
