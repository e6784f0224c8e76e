import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
public import MadangProgramme
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Serves pages, the API and remote agents over HTTPS, or over plain HTTP on the loopback.
///
/// ```
/// let server = try OfficeServer(
///   door: desk, address: ListenAddress("0.0.0.0:8443"),
///   tls: TLSFiles(certificate: "office.pem", key: "office.key"), clock: { now })
/// try await server.run()
/// ```
/// It answers agents (`docs/agent-protocol.md`), `GET /healthz` and `GET /metrics`; and with a
/// ``Counter`` the API (`/openapi.json`) and the pages.
public final class OfficeServer: Sendable {
  private let group: ServiceGroup
  private let address: ListenAddress
  private let feed: ChangeFeed?

  /// Reads the certificate; listens only when it is run.
  ///
  /// `clock` is the server's own, by which tokens and leases end. `listening` is told the port once
  /// connections are taken. `signals` are those on which it stops gracefully: none where the
  /// process stops by other means, such as ``stop()``. `openID` is the identity provider by which
  /// people may sign in too. `proxy` is the one whose word for whom it speaks is believed.
  ///
  /// Throws: plain HTTP beyond the loopback, a certificate or key that cannot be used.
  public init(
    door: any AgentDoor, counter: Counter? = nil, address: ListenAddress, tls: TLSFiles?,
    openID: OpenIDSettings? = nil, proxy: TrustedProxy? = nil, limits: HTTPLimits = HTTPLimits(),
    log: Logger = Logger(label: "madang.http"),
    stopsOn signals: [StopSignal] = [.terminate, .interrupt],
    clock: @escaping @Sendable () -> Instant,
    listening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
  ) throws(HTTPRefusal) {
    guard tls != nil || address.isLoopback else { throw .plainBeyondLoopback(address) }
    self.address = address
    feed = counter.map { ChangeFeed($0, limits) }
    let router = Router(context: OfficeContext.self, options: .autoGenerateHeadEndpoints)
    let counts = RequestCounts()
    if let proxy { router.add(middleware: ProxyMiddleware(proxy: proxy)) }
    router.add(middleware: ProblemMiddleware(log: log, counts: counts, isSecure: tls != nil))
    router.get("healthz") { _, _ in "ok\n" }
    let rates = RateLimits(limits)
    MetricsRoute(counts: counts, counter: counter, rates: rates).add(to: router)
    AgentRoutes(door: door, rates: rates, clock: clock).add(to: router)
    if let counter {
      let cookie = tls == nil ? "madang" : "__Host-madang"
      APIRoutes(counter: counter, rates: rates, cookie: cookie, log: log).add(to: router)
      PageRoutes(
        counter: counter, rates: rates, cookie: cookie, isSecure: tls != nil, log: log,
        openID: openID.map { OpenIDDoor($0) }
      ).add(to: router)
    }
    if let feed { EventRoute(feed: feed).add(to: router) }
    router.add(middleware: OtherMethods(addresses: Addresses(router)))
    // What the library itself says of each connection is of no use to an operator.
    var quiet = log
    quiet.logLevel = max(log.logLevel, .warning)
    let application = Application(
      router: router, server: try OfficeServer.builder(tls, limits),
      configuration: ApplicationConfiguration(
        address: .hostname(address.host, port: address.port),
        availableConnectionsDelegate: .maximum(limits.connectionsMax, logger: quiet)),
      onServerRunning: { channel in listening(channel.localAddress?.port ?? address.port) },
      logger: quiet)
    var configuration = ServiceGroupConfiguration(
      services: [application], gracefulShutdownSignals: signals.map(\.signal), logger: quiet)
    configuration.maximumGracefulShutdownDuration = .seconds(limits.graceSeconds)
    group = ServiceGroup(configuration: configuration)
  }

  /// Serves until it is told to stop: then it takes no more connections, and requests in progress
  /// have some seconds to end. Runs once.
  public func run() async throws(HTTPRefusal) {
    do {
      try await group.run()
    } catch let error as IOError {
      throw .cannotListen(address, reason: error.localizedDescription)
    } catch {
      throw .cannotListen(address, reason: "\(error)")
    }
  }

  /// Tells it to stop, and does not wait. Streams of events end at once: nobody else would end
  /// them.
  public func stop() async {
    feed?.end()
    await group.triggerGracefulShutdown()
  }

  private static func builder(
    _ tls: TLSFiles?, _ limits: HTTPLimits
  ) throws(HTTPRefusal) -> HTTPServerBuilder {
    let plain = HTTPServerBuilder.http1(
      configuration: HTTP1Channel.Configuration(
        additionalChannelHandlers: [PatienceHandler(limits)],
        idleTimeout: .seconds(limits.idleSeconds),
        httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
          maxHeaderFieldSize: limits.headerBytesMax, maxHeaderListSize: limits.headerBytesMax,
          maxHeaderFieldCount: 100)))
    guard let tls else { return plain }
    do {
      return try .tls(plain, tlsConfiguration: tls.configuration())
    } catch let refusal as HTTPRefusal {
      throw refusal
    } catch {
      throw .unusableCertificate(path: tls.certificate, reason: "\(error)")
    }
  }
}

/// What tells a server to stop.
public enum StopSignal: Sendable {
  /// SIGTERM: from a service manager.
  case terminate
  /// SIGINT: from a keyboard.
  case interrupt

  var signal: UnixSignal {
    switch self {
    case .terminate: .sigterm
    case .interrupt: .sigint
    }
  }
}
