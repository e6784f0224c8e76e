import MadangAgent
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One request to the office and its answer, on a connection of its own.
///
/// The certificate is always checked, and the name or address in it too: no setting turns that off.
/// Nothing else than the office is ever asked, so a redirection is an answer like any other.
struct OfficeConnection: Sendable {
  let office: OfficeAddress
  private let tls: NIOSSLContext?

  /// Seconds to be connected, and seconds until the whole answer has to be there.
  var connectSeconds: Int64 = 10
  var answerSeconds: Int64 = 30

  struct Answer: Sendable {
    var status = 0
    var contentType = ""
    var body: [UInt8] = []
  }

  /// `authority` is a PEM file with those who may vouch for the office's certificate, in the place
  /// of the system's own.
  init(_ office: OfficeAddress, authority: String?) throws(AgentClientFailure) {
    self.init(office, tls: office.isSecure ? try OfficeConnection.context(authority) : nil)
  }

  /// `tls` is needed where the address is secure.
  init(_ office: OfficeAddress, tls: NIOSSLContext?) {
    precondition(tls != nil || !office.isSecure, "a secure address without TLS")
    self.office = office
    self.tls = office.isSecure ? tls : nil
  }

  /// Whom to believe: the PEM file's authorities, else the system's.
  static func context(_ authority: String?) throws(AgentClientFailure) -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.certificateVerification = .fullVerification
    configuration.applicationProtocols = ["http/1.1"]
    do {
      if let authority {
        let trusted = try NIOSSLCertificate.fromPEMFile(authority)
        guard !trusted.isEmpty else { throw AgentClientFailure.noAuthority(path: authority) }
        configuration.trustRoots = .certificates(trusted)
      }
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw .noAuthority(path: authority ?? "the system's list")
    }
  }

  /// Sends a body and waits for the answer. Blocks: call it from a thread of your own.
  func post(
    _ body: [UInt8], to path: String, headers: [(String, String)], answerBytesMax: Int
  ) throws(TransportFailure) -> Answer {
    do {
      return try start(
        .POST, path, headers + [("Content-Type", "application/json")], body, answerBytesMax
      ).wait()
    } catch let failure as TransportFailure {
      throw failure
    } catch {
      throw TransportFailure(reason: "\(office): \(error)")
    }
  }

  /// Sends a request; the answer, or a `TransportFailure`, comes in time.
  func start(
    _ method: HTTPMethod, _ path: String, _ headers: [(String, String)], _ body: [UInt8],
    _ answerBytesMax: Int
  ) -> EventLoopFuture<Answer> {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let promise = loop.makePromise(of: Answer.self)
    var fields = HTTPHeaders(headers)
    fields.add(name: "Host", value: office.authority)
    if method != .GET { fields.add(name: "Content-Length", value: "\(body.count)") }
    fields.add(name: "Connection", value: "close")
    let head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: fields)
    let (tls, office) = (tls, office)
    let deadline = loop.scheduleTask(in: .seconds(answerSeconds)) {
      promise.fail(TransportFailure(reason: "\(office) did not answer in time"))
    }
    ClientBootstrap(group: loop)
      .connectTimeout(.seconds(connectSeconds))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let tls {
            try pipeline.addHandler(
              NIOSSLClientHandler(context: tls, serverHostname: office.nameToCheck))
          }
          try pipeline.addHTTPClientHandlers()
          try pipeline.addHandler(
            AnswerHandler(
              ExchangeOnWire(head: head, body: body, answerBytesMax: answerBytesMax), promise))
        }
      }
      .connect(host: office.host, port: office.port)
      .whenComplete { result in
        switch result {
        // Whatever ends the waiting, a deadline too, ends the connection.
        case .success(let channel):
          promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
        case .failure: promise.fail(TransportFailure(reason: "\(office) was not reached"))
        }
      }
    promise.futureResult.whenComplete { _ in deadline.cancel() }
    return promise.futureResult
  }
}

extension OfficeAddress {
  /// The name that the certificate has to bear; nothing for an address, which is checked as such.
  var nameToCheck: String? {
    (try? SocketAddress(ipAddress: host, port: port)) == nil ? host : nil
  }
}

/// What goes out, and how much may come back.
private struct ExchangeOnWire: Sendable {
  let head: HTTPRequestHead
  let body: [UInt8]
  let answerBytesMax: Int
}

/// Sends a request once connected, and gathers what comes back.
private final class AnswerHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let exchange: ExchangeOnWire
  private let promise: EventLoopPromise<OfficeConnection.Answer>
  private var answer = OfficeConnection.Answer()

  init(_ exchange: ExchangeOnWire, _ promise: EventLoopPromise<OfficeConnection.Answer>) {
    self.exchange = exchange
    self.promise = promise
  }

  func channelActive(context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
    let body = context.channel.allocator.buffer(bytes: exchange.body)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      answer.status = Int(head.status.code)
      answer.contentType = head.headers.first(name: "Content-Type") ?? ""
    case .body(let buffer):
      guard answer.body.count + buffer.readableBytes <= exchange.answerBytesMax else {
        fail("the answer is longer than \(exchange.answerBytesMax) bytes", context)
        return
      }
      answer.body.append(contentsOf: buffer.readableBytesView)
    case .end: promise.succeed(answer)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A handshake's reason says what is wrong with the certificate; nothing of ours is in it.
    fail("the connection failed: \(error)", context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail("the connection ended before the answer", context)
  }

  private func fail(_ reason: String, _ context: ChannelHandlerContext) {
    promise.fail(TransportFailure(reason: reason))
    context.close(promise: nil)
  }
}
