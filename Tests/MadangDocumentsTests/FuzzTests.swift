import Foundation
import MadangProgramme
import Testing

@testable import MadangDocuments

/// A small generator whose whole state is its seed, so that a failure can be run again.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct FuzzTests {
  /// What is put into files: what YAML, numbers and text stumble over.
  private static let shards: [String] = [
    "&a ", "*a", "!!int ", "!", "|", ">", "? ", ": ", "- ", "---\n", "...\n", "%YAML 1.1\n", "{",
    "}", "[", "]", ",", "\"", "'", "#", "\t", "\n", "\r", "\u{85}", "\u{2028}", "\u{202E}",
    "\u{FEFF}", "\u{E000}", "-1", "99999999999999999999", "0x10", "1e9", "~", "null", "<<: *a",
    "2026-02-30", "2026-03-08T02:30", "0/0", "1/9007199254740991", "100%", "가", "\u{1112}\u{1161}",
    "👩‍🔬", "on", "yes", "\\", "\\x", "slug: ", "ko: ", "gpus: 0, ",
  ]

  @Test func `no bytes make the reader fail, and what it takes the programme takes`() throws {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["SEED"].flatMap { UInt64($0) } ?? 20_251_031
    let usual = environment["MADANG_LONG"] == nil ? 300 : 20_000
    let rounds = environment["ROUNDS"].flatMap { Int($0) } ?? usual
    print("SEED=\(seed) ROUNDS=\(rounds)")
    let originals = [try Folder("korea-2025"), try Folder("saltmarsh")]
    var generator = Seeded(state: seed)
    for round in 0..<rounds {
      var folder = originals[Int(generator.next() % 2)]
      let paths = folder.files.keys.sorted()
      for _ in 0...Int(generator.next() % 3) {
        let path = paths[Int(generator.next() % UInt64(paths.count))]
        folder.files[path] = mutated(folder.files[path] ?? [], &generator)
      }
      let result = try folder.read()
      #expect((result.folder == nil) != result.diagnostics.isEmpty, "SEED=\(seed) round \(round)")
      for diagnostic in result.diagnostics {
        let lines = folder.files[diagnostic.file].map { bytes in
          bytes.reduce(2) { $1 == 0x0A || $1 == 0x0D ? $0 + 1 : $0 }
        }
        #expect(diagnostic.line >= 1, "SEED=\(seed) round \(round)")
        #expect(diagnostic.line <= (lines ?? 1) + 8, "SEED=\(seed) round \(round)")
      }
      guard let read = result.folder else { continue }
      let programme = try accepted(read, "SEED=\(seed) round \(round)")
      #expect(read.commands(onto: programme).isEmpty, "SEED=\(seed) round \(round)")
    }
  }

  /// Whatever the reader lets through, the programme's own rules accept on a late enough day.
  private func accepted(_ folder: ProgrammeFolder, _ what: String) throws -> Programme {
    let day = max(try required(Day("2026-07-01")), folder.lastRecordedDay ?? Day(0))
    do {
      return try applying(folder.commands(), on: "\(day)")
    } catch let refusal as Refusal {
      Issue.record("\(what): \(refusal.what(.en))")
      throw refusal
    }
  }

  private func mutated(_ bytes: [UInt8], _ generator: inout Seeded) -> [UInt8] {
    guard !bytes.isEmpty else { return [UInt8(truncatingIfNeeded: generator.next())] }
    var bytes = bytes
    let place = Int(generator.next() % UInt64(bytes.count))
    let length = min(Int(generator.next() % 40), bytes.count - place)
    switch generator.next() % 8 {
    case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
    case 1: bytes.removeSubrange(place..<place + length)
    case 2: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
    case 3: bytes.removeSubrange(place...)
    case 4: changeDigit(&bytes, &generator)
    case 5: duplicateLine(&bytes, place)
    default:
      let shard = FuzzTests.shards[Int(generator.next() % UInt64(FuzzTests.shards.count))]
      bytes.insert(contentsOf: Array(shard.utf8), at: place)
    }
    return bytes
  }

  private func changeDigit(_ bytes: inout [UInt8], _ generator: inout Seeded) {
    let digits = bytes.indices.filter { bytes[$0] >= 48 && bytes[$0] <= 57 }
    guard !digits.isEmpty else { return }
    let place = digits[Int(generator.next() % UInt64(digits.count))]
    bytes[place] = 48 + UInt8(generator.next() % 10)
  }

  private func duplicateLine(_ bytes: inout [UInt8], _ place: Int) {
    let start = bytes[..<place].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let end = bytes[place...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
    bytes.insert(contentsOf: Array(bytes[start..<end]), at: start)
  }
}
