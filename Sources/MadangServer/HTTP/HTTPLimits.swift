public import MadangViews

/// What a stranger may cost the server. Everything has a limit.
///
/// Most connections are browsers' and streams of events, which hold next to nothing. What bodies
/// hold while they come is bounded for one address, and for all together.
public struct HTTPLimits: Hashable, Sendable {
  /// Connections that are open at once; others wait to be accepted.
  public var connectionsMax = 12_000
  /// Streams of events that are open at once: a sixth of the connections is always for questions.
  public var streamsMax = 10_000
  /// Of one address: a large office with a tab each.
  public var streamsPerAddressMax = 1_000
  /// Bytes of all bodies that have come in part at one moment: 64 whole reports of agents.
  public static let bodiesBytesMax = 256 << 20
  /// Of one address: 16 whole reports, or a thousand forms.
  public static let bodiesBytesPerAddressMax = 64 << 20
  /// Seconds that a connection may be silent: in its handshake, before a request, within one.
  public var idleSeconds: Int64 = 10
  /// Seconds in which the whole body of a request has to be there, however steadily it drips.
  public var bodySeconds: Int64 = 30
  /// Seconds in which a client has to take something of an answer that waits for it: a phone in a
  /// tunnel may be that long without a net.
  public var takeSeconds: Int64 = 30
  /// Seconds that a client has to read an answer that came before the end of its request.
  public var lingerSeconds: Int64 = 10
  /// Bytes of all headers of a request.
  public var headerBytesMax = 16 << 10
  /// Seconds that requests in progress have to end when the server is told to stop.
  public var graceSeconds: Int64 = 10

  /// Commands of one caller: the applications and reviews of a whole round at once, then 1.7
  /// million a day, which would still fill a journal of ten years in a week.
  public var commands = TokenBucket.Rate(burst: 60_000, perSecond: 20)
  /// Microseconds that answers made anew may take of one caller: a minute of a core at once, then a
  /// quarter of one for ever.
  public var workMicroseconds = TokenBucket.Rate(burst: 60_000_000, perSecond: 250_000)
  /// Segments of one agent, a report counting as a hundred more: a day's million at once, which a
  /// centre that was cut off may bring, then two reports or 200 segments a second, twenty times
  /// what a cluster of a million jobs a day has.
  public var segments = TokenBucket.Rate(burst: 1_000_000, perSecond: 200)
  /// Callers that are counted at once, of strangers and of those who signed in: at about 100 bytes
  /// for each of four tables, 40 MB.
  public static let partiesMax = 100_000

  public init() {}
}
