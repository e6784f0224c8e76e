import Foundation
public import MadangProgramme

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Who an export is for, which decides the openings in it. Events and heads are the same for all.
public enum Viewer: Hashable, Sendable {
  /// Only what was lifted to public by now.
  case `public`
  /// And what concerns this organisation.
  case party(OrganisationID)
  /// And whatever is for parties and the office.
  case office
  /// Everything.
  case auditor

  /// Whether this viewer may see an opening of an event that is `party`'s affair.
  func maySee(_ opening: Opening, of party: Int64?, at now: Instant) -> Bool {
    if let publicFrom = opening.publicFrom, publicFrom <= now { return true }
    switch self {
    case .public: return false
    case .party(let organisation):
      return opening.disclosure == .party && party == Int64(organisation.number)
    case .office: return opening.disclosure <= .office
    case .auditor: return true
    }
  }
}

extension Ledger {
  /// The openings of one event that any of these viewers may see.
  public func openings(
    of number: Int64, for viewers: [Viewer], at now: Instant
  ) throws(JournalError) -> [Opening] {
    try read { tables in
      var found: [Opening] = []
      try tables.forEachEvent(in: number..<number + 1) { event in
        found = try event.openings().filter { opening in
          viewers.contains { $0.maySee(opening, of: event.party, at: now) }
        }
      }
      return found
    }
  }
}

/// What an export holds.
public struct ExportSummary: Hashable, Sendable {
  public let events: Int64
  public let openings: Int64
  public let heads: Int64
  /// The root that its newest head signs.
  public let root: Digest
}

extension Ledger {
  /// Writes `events.ndjson`, `openings.ndjson` and `heads.ndjson`, as `docs/verify-the-ledger.md`
  /// describes them: up to the newest signed head.
  ///
  /// Memory stays small however many events there are.
  public func export(
    to target: String, for viewer: Viewer, at now: Instant,
    progress: (Progress) -> Void = { _ in }
  ) throws(JournalError) -> ExportSummary {
    // What not everybody may see is not left lying open, in a folder that was there before either.
    let isPrivate = viewer != .public
    try Files.makeFolder(target, isPrivate: isPrivate)
    return try read { tables in
      let heads = try tables.heads()
      guard let newest = heads.last else { throw JournalError.noHead }
      let signed = try LineFile(target + "/heads.ndjson", isPrivate: isPrivate)
      for head in heads { try signed.write(head.line) }
      try signed.close()

      let events = try LineFile(target + "/events.ndjson", isPrivate: isPrivate)
      let openings = try LineFile(target + "/openings.ndjson", isPrivate: isPrivate)
      var frontier = Frontier()
      try tables.forEachEvent(in: 0..<newest.size) { event in
        try events.write(event.leaf)
        frontier.append(SHA256.leaf(event.leaf))
        for opening in try event.openings() where viewer.maySee(opening, of: event.party, at: now) {
          try openings.write(Ledger.line(of: opening, event.number))
        }
        if event.number % 65_536 == 65_535 {
          progress(Progress(done: event.number + 1, of: newest.size))
        }
      }
      try events.close()
      try openings.close()
      guard frontier.root == newest.root else {
        throw JournalError.wrongRoot(head: Int64(heads.count - 1), size: newest.size)
      }
      return ExportSummary(
        events: newest.size, openings: openings.lines, heads: signed.lines, root: newest.root)
    }
  }

  /// `{"class":"party","event":17,"field":"ask","salt":"…","value":{…}}`
  private static func line(of opening: Opening, _ event: Int64) -> [UInt8] {
    var line = Array("{\"class\":\"\(opening.disclosure.rawValue)\",\"event\":\(event)".utf8)
    line.append(contentsOf: ",\"field\":\"\(opening.field)\"".utf8)
    OpeningsText.appendSecret(of: opening, to: &line)
    return line
  }
}

/// A file of lines, written through a buffer.
final class LineFile {
  private let path: String
  private let file: Int32
  private var buffer: [UInt8] = []
  private(set) var lines: Int64 = 0

  private static let bufferCount = 1 << 20

  init(_ path: String, isPrivate: Bool) throws(JournalError) {
    self.path = path
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, isPrivate ? 0o600 : 0o644)
    guard file >= 0 else { throw .fileFailed(path: path, reason: Files.lastReason) }
    // One that was there keeps its mode, whoever it was for.
    guard !isPrivate || fchmod(file, 0o600) == 0 else {
      throw .fileFailed(path: path, reason: Files.lastReason)
    }
    buffer.reserveCapacity(LineFile.bufferCount + 65_536)
  }

  func write(_ line: [UInt8]) throws(JournalError) {
    buffer.append(contentsOf: line)
    buffer.append(UInt8(ascii: "\n"))
    lines += 1
    if buffer.count >= LineFile.bufferCount { try flush() }
  }

  func close() throws(JournalError) { try flush() }

  private func flush() throws(JournalError) {
    guard Files.writeAll(buffer, to: file) else {
      throw .fileFailed(path: path, reason: Files.lastReason)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  deinit {
    #if canImport(Glibc)
      _ = Glibc.close(file)
    #else
      _ = Darwin.close(file)
    #endif
  }
}
