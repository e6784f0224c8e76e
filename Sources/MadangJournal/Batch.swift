import GRDB
import MadangProgramme

/// A batch on its way into the journal: working copies of the programme and of the tree's edge,
/// taken over only when it was committed.
struct Batch {
  private(set) var programme: Programme
  private(set) var frontier: Frontier
  let salts: any SaltSource
  /// The data folder, for the key that founding makes.
  let folder: String

  init(_ programme: Programme, _ frontier: Frontier, salts: any SaltSource, folder: String) {
    self.programme = programme
    self.frontier = frontier
    self.salts = salts
    self.folder = folder
  }

  /// Decides one request and writes what it became. A refused one changes nothing.
  mutating func reply(to request: Request, _ tables: Tables) throws -> Reply {
    let envelope = request.envelope
    if let key = request.key, let stored = try tables.request(envelope.by, key) {
      guard stored.digest == key.digest else { return .refused(.keyReused(name: key.name)) }
      return .accepted(try receipt(of: stored, tables))
    }
    let events: [Event]
    do throws(Refusal) {
      events = try programme.decide(envelope)
    } catch {
      return .refused(.programme(error))
    }
    if let refusal = try prepareFounding(events, tables) { return .refused(refusal) }
    let numbers = try append(events, envelope, tables)
    if let key = request.key { try tables.insert(key, by: envelope, events: numbers) }
    return .accepted(Receipt(numbers: numbers, events: events, replayed: false))
  }

  private mutating func append(
    _ events: [Event], _ envelope: Envelope, _ tables: Tables
  ) throws -> Range<Int64> {
    let first = programme.eventCount
    let at = programme.time(of: envelope.received)
    for event in events {
      let header = Header(
        number: programme.eventCount, at: at, received: envelope.received, by: envelope.by)
      programme.apply(event, header)
      let (bytes, openings) = try encode(Leaf(header: header, event: event))
      let hash = SHA256.leaf(bytes)
      try tables.insert(
        event: header.number, leaf: bytes, hash: hash, openings: openings,
        party: programme.owner(of: event).map { Int64($0.number) })
      var tiles: [Tile] = []
      frontier.append(hash) { tiles.append($0) }
      for tile in tiles { try tables.insert(tile) }
    }
    return first..<programme.eventCount
  }

  /// The leaf's bytes, its sealed fields committed to under fresh salts.
  private func encode(_ leaf: Leaf) throws -> (bytes: [UInt8], openings: [Opening]) {
    var failure: CryptographyError?
    let encoded = leaf.encoded { value in
      do throws(CryptographyError) {
        let salt = try salts.salt()
        return Seal(salt: salt, commitment: SHA256.commitment(salt: salt.bytes, value: value))
      } catch {
        failure = error
        return Seal(salt: Salt(high: 0, low: 0), commitment: SHA256.empty)
      }
    }
    if let failure { throw failure }
    return encoded
  }

  /// Founding names the algorithms for good, and makes the key.
  private func prepareFounding(
    _ events: [Event], _ tables: Tables
  ) throws -> SubmissionRefusal? {
    guard case .founded(let charter) = events.first else { return nil }
    guard charter.hash.value == SHA256.algorithm else {
      return .unknownAlgorithm(name: charter.hash.value)
    }
    guard let cryptography = CryptographyProfile.signing(with: charter.signature.value) else {
      return .unknownAlgorithm(name: charter.signature.value)
    }
    let key = try LedgerKey.ensured(in: folder, cryptography)
    try tables.setMeta("publicKey", hexadecimal(key.publicBytes))
    return nil
  }

  /// What a request became when it was done.
  private func receipt(of stored: StoredRequest, _ tables: Tables) throws -> Receipt {
    var events: [Event] = []
    try tables.forEachEvent(in: stored.events) { event in
      events.append(try event.decoded(event.openings()).event)
    }
    return Receipt(numbers: stored.events, events: events, replayed: true)
  }
}
