/// What a stranger may cost the server. Everything has a limit.
///
/// Most connections are browsers' and streams of events, which hold next to nothing. What bodies
/// hold while they come is bounded for all together.
public struct HTTPLimits: Hashable, Sendable {
  /// Connections that are open at once; others wait to be accepted.
  public var connectionsMax = 12_000
  /// Bytes of all bodies that are being read at one moment: 64 whole reports of agents.
  public static let bodiesBytesMax = 256 << 20
  /// Seconds that a connection may be silent: in its handshake, before a request, within one.
  public var idleSeconds: Int64 = 10
  /// Seconds in which the whole body of a request has to be there, however steadily it drips.
  public var bodySeconds: Int64 = 30
  /// Bytes of all headers of a request.
  public var headerBytesMax = 16 << 10
  /// Seconds that requests in progress have to end when the server is told to stop.
  public var graceSeconds: Int64 = 10

  public init() {}
}
