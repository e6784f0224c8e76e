import Foundation
import MadangJournal
import MadangProgramme
import MadangSimulator
import Testing

struct SnapshotTests {
  /// It threw before it had closed anything: the folder stayed locked.
  @Test func `a snapshot that cannot be written keeps no journal from closing`() throws {
    let folder = try TestFolder()
    let journal = try folder.open { $0.snapshotEvery = 1 }
    // Where its folder would be there is a file.
    try Data().write(to: URL(filePath: folder + "snapshots"))
    for reply in try journal.submit(TestProgramme.setUp()) { _ = try reply.receipt }
    let fingerprint = journal.programme.fingerprint
    try journal.close()
    try FileManager.default.removeItem(atPath: folder + "snapshots")
    let again = try folder.open()
    #expect(again.programme.fingerprint == fingerprint)
    try again.close()
  }

  @Test func `a snapshot is the whole programme`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 12)
    let programme = journal.programme
    let bytes = programme.snapshotBytes()
    let again = try Programme(snapshotBytes: bytes)
    #expect(again.snapshotBytes() == bytes)
    #expect(String(reflecting: again) == String(reflecting: programme))
    #expect(try Programme(snapshotBytes: Programme().snapshotBytes()).eventCount == 0)
    try journal.close()
  }

  @Test func `every stored property of a programme and of a round is in a snapshot`() {
    // A new one fails here: write it in Snapshot.swift, raise snapshotVersion, then this number.
    #expect(Mirror(reflecting: Programme()).children.count == 40)
    #expect(Programme.snapshotVersion == 10)
  }

  @Test func `a start from a snapshot and a start from nothing come to the same programme`() throws
  {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 8)
    try journal.writeSnapshot()
    _ = try journal.submit([
      TestProgramme.request(
        .registerOrganisation(TestProgramme.organisation(9)), at: TestProgramme.at(hours: 2_000))
    ])
    let fingerprint = journal.programme.fingerprint
    let size = journal.programme.eventCount
    let head = try journal.signHead(at: TestProgramme.closes)
    try journal.close()

    let fromSnapshot = try folder.open()
    #expect(fromSnapshot.programme.fingerprint == fingerprint)
    // The tree's edge too: the next head continues this one.
    _ = try fromSnapshot.submit([
      TestProgramme.request(
        .registerOrganisation(TestProgramme.organisation(9)), at: TestProgramme.at(hours: 2_000))
    ])
    let next = try fromSnapshot.signHead(at: TestProgramme.closes)
    let proof = try fromSnapshot.ledger.consistencyProof(from: size, to: next.size)
    #expect(
      MerkleTree.verifyConsistency(
        from: Int(size), to: Int(next.size), oldRoot: head.root, newRoot: next.root, proof: proof))
    try fromSnapshot.close()

    try FileManager.default.removeItem(atPath: folder + "snapshots")
    let fromNothing = try folder.open()
    #expect(fromNothing.programme.fingerprint == fromSnapshot.programme.fingerprint)
    try fromNothing.close()
  }

  @Test func `a damaged snapshot is thrown away, whatever is wrong with it`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 8)
    let fingerprint = journal.programme.fingerprint
    try journal.writeSnapshot()
    try journal.close()
    let name = try #require(
      FileManager.default.contentsOfDirectory(atPath: folder + "snapshots").first)
    let file = URL(filePath: folder + "snapshots/" + name)
    let whole = try Data(contentsOf: file)
    var generator = SeededGenerator(seed: StormTests.seed)
    print("SEED=\(StormTests.seed)")
    for round in 0..<40 {
      var bytes = whole
      if round % 4 == 0 {
        bytes = bytes.prefix(generator.draw(0...whole.count - 1))
      } else {
        bytes[generator.draw(0...whole.count - 1)] ^= UInt8(1 << generator.draw(0...7))
      }
      try bytes.write(to: file)
      let journal = try folder.open()
      #expect(journal.programme.fingerprint == fingerprint)
      try journal.close()
    }
  }

  @Test func `any bytes at all are read as a snapshot or refused, and never a crash`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 4)
    let whole = journal.programme.snapshotBytes()
    try journal.close()
    var generator = SeededGenerator(seed: StormTests.seed)
    print("SEED=\(StormTests.seed)")
    for _ in 0..<3_000 {
      var bytes = whole
      for _ in 0..<generator.draw(1...3) {
        bytes[generator.draw(0...whole.count - 1)] = UInt8(generator.draw(0...255))
      }
      _ = try? Programme(snapshotBytes: bytes)
      _ = try? Programme(snapshotBytes: Array(whole.prefix(generator.draw(0...whole.count))))
    }
  }

  @Test func `a snapshot of another journal is not used`() throws {
    let (one, other) = (try TestFolder(), try TestFolder())
    let journal = try one.founded(applicants: 3)
    try journal.writeSnapshot()
    try journal.close()
    let second = try other.founded(signature: "ecdsa-p256-sha256", applicants: 3)
    let fingerprint = second.programme.fingerprint
    try second.close()
    try FileManager.default.copyItem(atPath: one + "snapshots", toPath: other + "snapshots")
    let again = try other.open()
    #expect(again.programme.fingerprint == fingerprint)
    try again.close()
  }

  @Test func `snapshots are written as the journal grows, and two are kept`() throws {
    let folder = try TestFolder()
    let journal = try folder.open { $0.snapshotEvery = 10 }
    _ = try journal.submit(TestProgramme.setUp())
    for _ in 0..<60 {
      _ = try journal.submit([
        TestProgramme.request(.registerOrganisation(TestProgramme.organisation(2)))
      ])
    }
    try journal.close()
    let files = try FileManager.default.contentsOfDirectory(atPath: folder + "snapshots")
    #expect(files.count == 2)
    let again = try folder.open()
    #expect(again.programme.fingerprint == journal.programme.fingerprint)
    try again.close()
  }
}
