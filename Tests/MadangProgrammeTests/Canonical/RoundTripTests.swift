import Testing

@testable import MadangProgramme

struct RoundTripTests {
  @Test func `every text is itself again, in one spelling`() throws {
    try seeds(500) { seed, random in
      let text = Text(assumingValid: RoundTripTests.text(&random))
      let bytes = CanonicalWriter.bytes(of: text)
      let read = try CanonicalReader.value(Text.self, from: bytes)
      #expect(read == text, "SEED=\(seed)")
      #expect(!bytes.contains { $0 < 0x20 }, "SEED=\(seed)")
    }
  }

  @Test func `a decision is itself again as a draft`() throws {
    try seeds(150) { seed, random in
      let problem = RandomRounds.problem(&random)
      let decision = problem.decided()
      let event = Event.roundDrafted(
        RoundDrafted(
          round: RoundID(random.draw(1...9)), ruleSet: Samples.digest,
          inputs: random.draw(0...999), problem: problem, decision: decision,
          drafter: Scenario.person(random.draw(1...99))))
      try RoundTripTests.check(event, seed)
      for ranked in decision.ranking {
        let notified = OutcomeNotified(
          application: ranked.application, round: RoundID(1), outcome: ranked)
        try RoundTripTests.check(.outcomeNotified(notified), seed)
      }
    }
  }

  @Test func `an application is itself again, with its ask or without`() throws {
    try seeds(200) { seed, random in
      let models = [1, 2, 3, 4].shuffled(using: &random).prefix(random.draw(1...4))
      let from = Day(random.draw(20_000...21_000))
      let term = try #require(Term(from: from, to: from.advanced(by: random.draw(1...400))))
      let form = ApplicationForm(
        round: RoundID(random.draw(1...9)), track: TrackID(random.draw(1...9)),
        organisation: OrganisationID(random.draw(1...999)),
        ask: Ask(
          models: models.map { DeviceModelID($0) }, gpus: random.draw(1...10_000), term: term),
        content: Digest(random.next(), random.next(), random.next(), random.next()))
      let event = Event.applicationSubmitted(
        ApplicationReceived(
          ApplicationID(random.draw(1...999)), form, round: Samples.round,
          synthetic: random.chance(50)))
      try RoundTripTests.check(event, seed)
      let bytes = Leaf(header: Samples.header, event: event).fixed.bytes
      let erased = try Leaf(bytes: bytes, openings: [])
      guard case .applicationSubmitted(let body) = erased.event else {
        Issue.record("SEED=\(seed)")
        return
      }
      #expect(body.ask == .erased && body.organisation == .erased && body.content == form.content)
    }
  }

  @Test func `a reason with numbers it cannot have is not read`() {
    for text in [
      #"{"a":2000000000,"b":0,"day":"2026-03-02","reason":"shareExhausted"}"#,
      #"{"a":0,"b":0,"day":"2026-03-02","reason":"shareExhausted"}"#,
      #"{"a":1,"b":0,"day":null,"reason":"withdrawn"}"#,
      #"{"a":0,"b":0,"day":"2026-03-02","reason":"withdrawn"}"#,
      #"{"a":0,"b":0,"day":null,"reason":"because"}"#,
    ] {
      #expect(throws: Malformed.self) {
        try CanonicalReader.value(Reason.self, from: Array(text.utf8))
      }
    }
  }

  @Test func `steps that do not step, and holidays out of order, are not read`() {
    for text in [
      #"[{"from":"2026-03-02","value":0}]"#,
      #"[{"from":"2026-03-02","value":1},{"from":"2026-03-03","value":1}]"#,
      #"[{"from":"2026-03-03","value":1},{"from":"2026-03-02","value":2}]"#,
    ] {
      #expect(throws: Malformed.self) {
        try CanonicalReader.value(StepFunction.self, from: Array(text.utf8))
      }
    }
    #expect(throws: Malformed.self) {
      try CanonicalReader.value(
        HolidayCalendar.self, from: Array(#"{"holidays":[],"weekend":[6,5]}"#.utf8))
    }
  }

  /// Whatever comes in the place of a leaf, the reader says no or reads it; and what it reads it
  /// would write the same.
  @Test func `a leaf that was tampered with never stops the reader`() throws {
    let leaves = Samples.all.map { Leaf(header: Samples.header, event: $0).fixed }
    var read = 0
    try seeds(6_000) { seed, random in
      let leaf = random.pick(leaves)
      let bytes = RoundTripTests.mutated(leaf.bytes, random.pick(leaves).bytes, &random)
      guard let accepted = try? Leaf(bytes: bytes, openings: leaf.openings) else { return }
      read += 1
      guard accepted.event.version == 1 || accepted.event.type != "programmeFounded" else { return }
      let again = RoundTripTests.withoutCommitments(accepted.fixed.bytes)
      #expect(
        again == RoundTripTests.withoutCommitments(bytes),
        "SEED=\(seed)\n\(String(decoding: bytes, as: UTF8.self))")
      _ = try Leaf(bytes: accepted.fixed.bytes, openings: accepted.fixed.openings)
    }
    #expect(repeatsOneSeed || read > 100, "mutations that are all refused prove little: \(read)")
  }

  @Test func `an opening that was tampered with never stops the reader`() {
    let leaves = Samples.all.map { Leaf(header: Samples.header, event: $0).fixed }
      .filter { $0.openings.count > 1 }
    var read = 0
    seeds(6_000) { _, random in
      let leaf = random.pick(leaves)
      var openings = leaf.openings
      let index: Int = random.draw(0...(openings.count - 1))
      let old = openings[index]
      openings[index] = Opening(
        field: old.field, disclosure: old.disclosure, salt: old.salt,
        value: RoundTripTests.mutated(old.value, random.pick(leaves).openings[0].value, &random),
        publicFrom: old.publicFrom)
      guard let accepted = try? Leaf(bytes: leaf.bytes, openings: openings) else { return }
      read += 1
      let again = accepted.fixed.openings.first { $0.field == old.field }
      #expect(again?.value == openings[index].value)
    }
    #expect(repeatsOneSeed || read > 100, "mutations that are all refused prove little: \(read)")
  }

  // MARK: -

  static func check(_ event: Event, _ seed: UInt64) throws {
    let leaf = Leaf(header: Samples.header, event: event)
    let (bytes, openings) = leaf.fixed
    let read = try Leaf(bytes: bytes, openings: openings)
    #expect(read == leaf && read.fixed.bytes == bytes, "SEED=\(seed)")
    #expect(read.fixed.openings == openings, "SEED=\(seed)")
  }

  static func text(_ random: inout Seeded) -> String {
    var view = String.UnicodeScalarView()
    for _ in 0..<(random.draw(0...20) as Int) {
      let ranges: [ClosedRange<Int>] = [
        0...0x1F, 0x20...0x7F, 0x22...0x22, 0x5C...0x5C, 0xAC00...0xD7A3, 0x1F300...0x1F5FF,
        0x80...0x2FFF,
      ]
      let value: Int = random.draw(random.pick(ranges))
      if let scalar = UnicodeScalar(UInt32(value)) { view.append(scalar) }
    }
    return String(view)
  }

  /// A few bytes changed, taken out, put in, doubled, or taken over from another.
  static func mutated(_ bytes: [UInt8], _ other: [UInt8], _ random: inout Seeded) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<(random.draw(1...3) as Int) where !bytes.isEmpty {
      let at: Int = random.draw(0...(bytes.count - 1))
      switch random.draw(0...6) as Int {
      case 0: bytes[at] = UInt8(random.draw(0...255) as Int)
      case 1: bytes[at] ^= 1 << UInt8(random.draw(0...7) as Int)
      case 2: bytes.remove(at: at)
      case 3: bytes.insert(random.pick(Array("{}[]\",:-0123456789nul\\ ".utf8)), at: at)
      case 4: bytes.removeSubrange(at..<min(bytes.count, at + (random.draw(1...40) as Int)))
      case 5:
        let start: Int = random.draw(0...(other.count - 1))
        bytes.insert(contentsOf: other[start..<min(other.count, start + 30)], at: at)
      default:
        let digits = bytes.indices.filter { (48...57).contains(bytes[$0]) }
        if let digit = digits.randomElement(using: &random) {
          bytes[digit] = 48 + UInt8(random.draw(0...9) as Int)
        }
      }
    }
    return bytes
  }

  /// Without what the shell makes: commitments, and the date beside them.
  static func withoutCommitments(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
      .replacing(/"commitment":"[0-9a-f]{64}"(,"publicFrom":-?[0-9]+)?/, with: "")
  }
}
