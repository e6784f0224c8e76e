import MadangProgramme

/// What an engine metered and the office has not taken over yet: numbered lines, whole and once.
///
/// ```
///  state.json   what the meter knows, how many lines there are with it, and the newest of them
///  usage.ndjson lines base, base + 1 … count − 1
/// ```
/// The state is put in place first and names its lines, so a crash between the two writes leaves
/// something to finish, never a line that the meter does not know of. Where the second write failed
/// and the process lives on, the state holds every line until the log was written anew.
struct MeterLog<State: Canonical & Hashable>: Sendable {
  private let folder: EngineFolder
  private(set) var state: State
  /// The number of the first line that is kept.
  private var base: Int64
  private var lines: [UsageSegment]
  /// Whether the log's file holds `lines`, and nothing else.
  private var isLogged = true

  private static var stateFile: String { "state.json" }
  private static var logFile: String { "usage.ndjson" }
  /// Lines that were taken over before the file is written anew without them.
  private static var slack: Int { 10_000 }

  /// `first` is where a log begins that is not there yet: drawn, so that no cursor of another
  /// folder's log, which the office may still have, is a number of this one.
  init(
    _ folder: EngineFolder, start: State, first: UsageCursor = .drawn()
  ) throws(EngineFailure) {
    self.folder = folder
    state = start
    base = first.position
    lines = []
    guard let bytes = try folder.bytes(of: Self.stateFile) else {
      // The state comes first: a log alone has lost it.
      guard try folder.bytes(of: Self.logFile) == nil else {
        throw .damaged(reason: "\(folder.path) has a log, and no \(Self.stateFile)")
      }
      return
    }
    let stored: Stored
    do {
      stored = try CanonicalReader.value(Stored.self, from: bytes)
    } catch {
      throw .damaged(reason: "\(Self.stateFile) in \(folder.path) is not what this engine writes")
    }
    state = stored.state
    base = stored.base
    let (found, isWhole) = try Self.read(folder)
    let before = Int(stored.count - stored.base) - stored.newest.count
    guard found.count >= before else {
      throw .damaged(reason: "\(Self.logFile) in \(folder.path) has lost lines")
    }
    lines = found.prefix(before) + stored.newest
    // Cut off in between, or torn: finished now.
    if !isWhole || found.count != lines.count { try rewrite() }
  }

  /// The number after the last line.
  var count: Int64 { base + Int64(lines.count) }

  /// Keeps a state and the segments that came with it, both or neither.
  mutating func advance(
    to state: State, _ segments: [UsageSegment]
  ) throws(EngineFailure) {
    let newest = isLogged ? segments : lines + segments
    let stored = Stored(
      base: base, count: count + Int64(segments.count), newest: newest, state: state)
    try folder.write(CanonicalWriter.bytes(of: stored), to: Self.stateFile)
    self.state = state
    lines += segments
    guard isLogged else { return try rewrite() }
    guard !segments.isEmpty else { return }
    isLogged = false
    try folder.append(Self.text(segments), to: Self.logFile)
    isLogged = true
  }

  /// At most `limit` segments from a number on. Those before it were taken over, and may go.
  mutating func batch(after cursor: UsageCursor, limit: Int) throws(EngineFailure) -> UsageBatch {
    let start = min(max(0, Int(cursor.position - base)), lines.count)
    if start > Self.slack {
      let kept = Array(lines[start...])
      let stored = Stored(
        base: base + Int64(start), count: count, newest: kept, state: state)
      try folder.write(CanonicalWriter.bytes(of: stored), to: Self.stateFile)
      base += Int64(start)
      lines = kept
      try rewrite()
      return UsageBatch(
        segments: Array(lines.prefix(limit)),
        next: UsageCursor(base + Int64(min(limit, lines.count))))
    }
    let end = min(start + limit, lines.count)
    return UsageBatch(
      segments: Array(lines[start..<end]), next: UsageCursor(base + Int64(end)))
  }

  /// Goes on from a number that the office has and this log has not, with another state. What is
  /// here is handed out after it: what the office has of it, it finds by its keys.
  mutating func restart(
    at cursor: UsageCursor, with state: State
  ) throws(EngineFailure) {
    let stored = Stored(
      base: cursor.position, count: cursor.position + Int64(lines.count), newest: lines,
      state: state)
    try folder.write(CanonicalWriter.bytes(of: stored), to: Self.stateFile)
    self.state = state
    base = cursor.position
    try rewrite()
  }

  private mutating func rewrite() throws(EngineFailure) {
    isLogged = false
    try folder.write(Self.text(lines), to: Self.logFile)
    isLogged = true
  }

  private static func text(_ segments: [UsageSegment]) -> [UInt8] {
    var text: [UInt8] = []
    for segment in segments {
      text += CanonicalWriter.bytes(of: segment)
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  /// Whole lines from the start, and whether there was nothing else.
  private static func read(
    _ folder: EngineFolder
  ) throws(EngineFailure) -> (lines: [UsageSegment], isWhole: Bool) {
    guard let bytes = try folder.bytes(of: logFile) else { return ([], true) }
    var lines: [UsageSegment] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      do throws(Malformed) {
        lines.append(try CanonicalReader.value(UsageSegment.self, from: Array(line)))
      } catch {
        return (lines, false)
      }
    }
    return (lines, bytes.isEmpty || bytes.last == UInt8(ascii: "\n"))
  }

  private struct Stored: Record {
    let base: Int64
    let count: Int64
    let newest: [UsageSegment]
    let state: State

    init(base: Int64, count: Int64, newest: [UsageSegment], state: State) {
      self.base = base
      self.count = count
      self.newest = newest
      self.state = state
    }

    func writeFields(to writer: inout CanonicalWriter) {
      writer.field("base", base)
      writer.field("count", count)
      writer.field("newest", newest)
      writer.field("state", state)
    }

    init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      base = try reader.field("base")
      count = try reader.field("count")
      newest = try reader.field("newest")
      state = try reader.field("state")
    }
  }
}
