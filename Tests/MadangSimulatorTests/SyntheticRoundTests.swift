import MadangProgramme
import MadangSimulator
import Testing

struct SyntheticRoundTests {
  static func spec(maxServers: Int = 32) throws -> SyntheticRound.Spec {
    let regions = [
      (region: try #require(Slug("capital")), weight: 1),
      (region: try #require(Slug("elsewhere")), weight: 1),
    ]
    return SyntheticRound.Spec(
      tracks: [
        SyntheticRound.TrackSpec(
          track: TrackID(1), form: .university, applications: 322, servers: 1_075,
          applicationsPerOrganisation: 4),
        SyntheticRound.TrackSpec(
          track: TrackID(2), form: .company, applications: 128, servers: 426,
          applicationsPerOrganisation: 1),
      ],
      regions: regions, maxServers: maxServers, gpusPerServer: 8,
      models: [DeviceModelID(1), DeviceModelID(2)], reviewers: 3, criteria: 4,
      ineligiblePerThousand: 20)
  }

  @Test(arguments: [1, 7, 2_025, 99] as [UInt64])
  func `applicants add up to the totals they were made for`(seed: UInt64) throws {
    let round = SyntheticRound(try Self.spec(), seed: seed)
    for (track, applications, servers) in [(1, 322, 1_075), (2, 128, 426)] {
      let those = round.applicants.filter { $0.track == TrackID(track) }
      #expect(those.count == applications, "SEED=\(seed)")
      #expect(those.reduce(0) { $0 + $1.gpus } == servers * 8, "SEED=\(seed)")
      #expect(those.allSatisfy { $0.gpus >= 8 && $0.gpus <= 32 * 8 }, "SEED=\(seed)")
    }
    let points = round.applicants.flatMap { $0.points.flatMap { $0 } }
    #expect(points.allSatisfy { (0...100).contains($0) }, "SEED=\(seed)")
    #expect(round.organisations.count == (322 + 3) / 4 + 128, "SEED=\(seed)")
  }

  @Test func `one seed makes one round, another seed another`() throws {
    func made(_ seed: UInt64) throws -> [String] {
      SyntheticRound(try Self.spec(), seed: seed).applicants.map { "\($0)" }
    }
    #expect(try made(5) == made(5))
    #expect(try made(5) != made(6))
  }

  @Test func `applicants come in the order of their times`() throws {
    let times = SyntheticRound(try Self.spec(), seed: 3).applicants.map(\.when)
    #expect(times == times.sorted())
  }

  @Test func `a track in which everybody has the most is full`() throws {
    let full = SyntheticRound.Spec(
      tracks: [
        SyntheticRound.TrackSpec(
          track: TrackID(1), form: .company, applications: 5, servers: 10,
          applicationsPerOrganisation: 1)
      ],
      regions: [(region: try #require(Slug("here")), weight: 1)], maxServers: 2, gpusPerServer: 4,
      models: [DeviceModelID(1)], reviewers: 1, criteria: 1, ineligiblePerThousand: 0)
    #expect(SyntheticRound(full, seed: 1).applicants.allSatisfy { $0.gpus == 8 })
  }
}

struct SeededGeneratorTests {
  /// The first numbers of SplitMix64 for seed 1234567, as its authors' C prints them.
  @Test func `the numbers are SplitMix64's`() {
    var generator = SeededGenerator(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.map { _ in generator.next() } == expected)
  }

  @Test func `a child's numbers do not move when its siblings draw more`() {
    let root = SeededGenerator(seed: 5)
    var first = root.child("sizes")
    let expected = (0..<5).map { _ in first.next() }
    var other = root.child("models")
    _ = (0..<100).map { _ in other.next() }
    var again = root.child("sizes")
    #expect((0..<5).map { _ in again.next() } == expected)
  }

  @Test func `a draw stays in its range and reaches both ends`() {
    var generator = SeededGenerator(seed: 11)
    let draws = (0..<2_000).map { _ in generator.draw(-3...3) }
    #expect(draws.min() == -3)
    #expect(draws.max() == 3)
  }
}
