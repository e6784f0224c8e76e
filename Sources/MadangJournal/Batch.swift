import MadangProgramme

/// Which value of the programme: two are the same where this is the same object.
final class Edition: Sendable {}

/// Where a batch begins and what it makes: the programme, and the growing edge of the tree over its
/// events.
struct State: Sendable {
  var programme: Programme
  var frontier: Frontier
  var edition: Edition
}

/// Requests decided on a working copy, and the rows that they became. No disk is touched: the
/// journal writes the rows and takes the copy over, if it still is where the batch began.
struct Batch: Sendable {
  /// What it was decided on.
  let base: Edition
  /// What it makes.
  private(set) var state: State
  private(set) var requests: [Request] = []
  /// One for each request, in order.
  private(set) var replies: [Reply] = []
  private(set) var rows = Rows()
  /// Why its rows cannot be written.
  private(set) var failure: CryptographyError?
  private let salts: any SaltSource
  /// The places of the requests that were accepted under a key.
  private var places: [Key: Int] = [:]

  private struct Key: Hashable {
    let person: PersonID
    let name: String
  }

  init(after start: State, salts: any SaltSource) {
    base = start.edition
    state = start
    state.edition = Edition()
    self.salts = salts
  }

  /// Decides one request; a refused one changes nothing. `known` is what an earlier batch made of
  /// it.
  mutating func add(_ request: Request, known: Reply? = nil) {
    let reply = known ?? repeated(request) ?? decided(request)
    requests.append(request)
    replies.append(reply)
  }

  /// Hands the rows out, so that a long batch need not hold all of them.
  mutating func takeRows() -> Rows {
    defer { rows = Rows() }
    return rows
  }

  /// What became of the same request earlier in this batch.
  private func repeated(_ request: Request) -> Reply? {
    guard let key = request.key,
      let place = places[Key(person: request.envelope.by, name: key.name)],
      case .accepted(let receipt) = replies[place]
    else { return nil }
    guard requests[place].key == key else { return .refused(.keyReused(name: key.name)) }
    return .accepted(Receipt(numbers: receipt.numbers, events: receipt.events, replayed: true))
  }

  private mutating func decided(_ request: Request) -> Reply {
    let envelope = request.envelope
    let events: [Event]
    do throws(Refusal) {
      events = try state.programme.decide(envelope)
    } catch {
      return .refused(.programme(error))
    }
    if let refusal = prepareFounding(events) { return .refused(refusal) }
    let numbers = append(events, envelope)
    if let key = request.key {
      places[Key(person: envelope.by, name: key.name)] = replies.count
      rows.keys.append(Rows.Key(key: key, envelope: envelope, events: numbers))
    }
    return .accepted(Receipt(numbers: numbers, events: events, replayed: false))
  }

  private mutating func append(_ events: [Event], _ envelope: Envelope) -> Range<Int64> {
    let first = state.programme.eventCount
    let at = state.programme.time(of: envelope.received)
    for event in events {
      let header = Header(
        number: state.programme.eventCount, at: at, received: envelope.received, by: envelope.by)
      state.programme.apply(event, header)
      let (bytes, openings) = encode(Leaf(header: header, event: event))
      let hash = SHA256.leaf(bytes)
      rows.events.append(
        Rows.Event(
          number: header.number, leaf: bytes, sum: Int64(bitPattern: hash.w0),
          sealed: openings.isEmpty ? [] : OpeningsText.bytes(of: openings),
          party: state.programme.owner(of: event).map { Int64($0.number) }))
      state.frontier.append(hash) { rows.tiles.append($0) }
    }
    return first..<state.programme.eventCount
  }

  /// The leaf's bytes, its sealed fields committed to under fresh salts.
  private mutating func encode(_ leaf: Leaf) -> (bytes: [UInt8], openings: [Opening]) {
    var failed: CryptographyError?
    let salts = salts
    let encoded = leaf.encoded { value in
      do throws(CryptographyError) {
        let salt = try salts.salt()
        return Seal(salt: salt, commitment: SHA256.commitment(salt: salt, value: value))
      } catch {
        failed = error
        return Seal(salt: Salt(high: 0, low: 0), commitment: SHA256.empty)
      }
    }
    if let failed { failure = failed }
    return encoded
  }

  /// Founding names the algorithms for good.
  private mutating func prepareFounding(_ events: [Event]) -> SubmissionRefusal? {
    guard case .founded(let charter) = events.first else { return nil }
    guard charter.hash.value == SHA256.algorithm else {
      return .unknownAlgorithm(name: charter.hash.value)
    }
    guard let cryptography = CryptographyProfile.signing(with: charter.signature.value) else {
      return .unknownAlgorithm(name: charter.signature.value)
    }
    rows.founded = cryptography
    return nil
  }
}

/// What a batch writes to the tables, in the form in which they take it.
struct Rows: Sendable {
  struct Event: Sendable {
    let number: Int64
    let leaf: [UInt8]
    /// The first 8 bytes of the leaf's hash.
    let sum: Int64
    /// `OpeningsText`; empty where the event has nothing sealed.
    let sealed: [UInt8]
    let party: Int64?
  }

  struct Key: Sendable {
    let key: RequestKey
    let envelope: Envelope
    let events: Range<Int64>
  }

  var events: [Event] = []
  var tiles: [Tile] = []
  var keys: [Key] = []
  /// The programme was founded, with this profile's key.
  var founded: (any Cryptography)?
}
