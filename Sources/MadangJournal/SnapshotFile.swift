import MadangProgramme

/// A programme's snapshot in a file: derived, and thrown away at the first doubt.
///
/// ```
/// "MADANGSN" · version u32 · 0 u32 · events i64 · root of the tree 32 · SHA-256 of the rest 32 · …
/// ```
/// The root ties it to the journal it was made from: beside another one it is not used.
struct SnapshotFile {
  let path: String
  let events: Int64

  private static let magic = Array("MADANGSN".utf8)
  private static let headerCount = 88
  /// The newest ones that are kept: one to use, one in case it is damaged.
  private static let kept = 2

  static func folder(in data: String) -> String { data + "/snapshots" }

  /// What there is, newest first.
  static func all(in data: String) -> [SnapshotFile] {
    // A folder that cannot be read holds none that could be used.
    let names = (try? Files.names(in: folder(in: data))) ?? []
    return names.reversed().compactMap { name in
      guard name.hasSuffix(".snapshot"), let events = Int64(name.dropLast(9)), events > 0
      else { return nil }
      return SnapshotFile(path: folder(in: data) + "/" + name, events: events)
    }
  }

  static func write(_ programme: Programme, root: Digest, in data: String) throws(JournalError) {
    let payload = programme.snapshotBytes()
    var bytes = magic
    bytes.reserveCapacity(headerCount + payload.count)
    append(UInt64(Programme.snapshotVersion), to: &bytes)
    append(UInt64(programme.eventCount), to: &bytes)
    bytes += root.bytes
    bytes += SHA256.hash(payload).bytes
    bytes += payload
    try Files.makeFolder(folder(in: data))
    let digits = String(programme.eventCount)
    let name = String(repeating: "0", count: max(0, 16 - digits.count)) + digits
    try Files.write(bytes, to: folder(in: data) + "/\(name).snapshot", mode: 0o600)
    // An old one that stays costs room, and the next snapshot tries again.
    for old in all(in: data).dropFirst(kept) { try? Files.remove(old.path) }
  }

  /// All of them, and what a crash left of one in the making.
  static func removeAll(in data: String) throws(JournalError) {
    for name in try Files.names(in: folder(in: data)) {
      try Files.remove(folder(in: data) + "/" + name)
    }
  }

  /// The programme, or nothing for any defect. `root` is the tree's over the snapshot's events.
  func programme(root: Digest) -> Programme? {
    // A file that cannot be read, like any other defect, only means a longer replay.
    guard let bytes = try? Files.bytes(of: path), bytes.count > SnapshotFile.headerCount,
      bytes.starts(with: SnapshotFile.magic),
      SnapshotFile.word(bytes, at: 8) == UInt64(Programme.snapshotVersion),
      SnapshotFile.word(bytes, at: 16) == UInt64(events),
      bytes[24..<56].elementsEqual(root.bytes)
    else { return nil }
    let payload = Array(bytes[SnapshotFile.headerCount...])
    // So does one that does not parse.
    guard bytes[56..<88].elementsEqual(SHA256.hash(payload).bytes),
      let programme = try? Programme(snapshotBytes: payload), programme.eventCount == events
    else { return nil }
    return programme
  }

  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(value >> UInt64(shift) & 255))
    }
  }

  private static func word(_ bytes: [UInt8], at offset: Int) -> UInt64 {
    (0..<8).reversed().reduce(0) { $0 << 8 | UInt64(bytes[offset + $1]) }
  }
}
