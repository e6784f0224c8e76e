import Testing

@testable import MadangProgramme

/// Whole stories of two rounds on the same lines: whatever is declined, lapses or moves up, nothing
/// is ever promised twice.
struct StoryProperties {
  @Test func `no line is over-awarded on any day, in any story`() {
    var movedUp = 0
    seeds(100) { seed, random in
      var story = StoryProperties.begun(&random)
      for _ in 0..<25 {
        let before = story.events.count
        story.run(StoryProperties.step(&random, &story))
        if story.events.count > before { StoryProperties.recount(story, seed) }
      }
      movedUp += story.events.count { event in
        if case .applicationSelected(let body) = event { body.pass == 3 } else { false }
      }
      let offers = StoryProperties.replayed(story.events)
      #expect(offers == story.programme.offers.count, "SEED=\(seed)")
    }
    #expect(repeatsOneSeed || movedUp > 20, "too few moved up to mean anything: \(movedUp)")
  }

  private static func begun(_ random: inout Seeded) -> Scenario {
    var story = Scenario()
    let shares = random.pick(["", "shares=a:1,b:1", "shares=a:2,b:1 unused=passes"])
    let strict = random.pick(["", "strict=yes"])
    let cap = random.pick(["", "organisationCap=24"])
    for line in [
      "model h100", "model b200", "line kakao h100 48", "line naver b200 32 spares=8", "pool a",
      "pool b", "track ta a", "track tb b", "org o1 x", "org o2 x", "org o3 x",
      "round r1 kakao:40 naver:16 \(shares) \(strict) \(cap)",
      "round r2 naver:32 kakao:48 \(strict) \(cap)",
    ] { story.run(line) }
    for number in 1...20 {
      let models = random.pick(["h100", "b200", "h100,b200", "b200,h100"])
      let term = random.pick([
        "2026-03-01..2027-03-01", "2026-03-01..2026-09-01", "2026-09-01..2027-03-01",
        "2026-06-01..2026-07-01",
      ])
      story.run(
        """
        apply A\(number) \(random.pick(["ta", "tb"])) \(8 * (random.draw(1...3) as Int)) \
        \(random.draw(40...99) as Int) org=\(random.pick(["o1", "o2", "o3"])) \
        models=\(models) term=\(term) round=\(random.pick(["r1", "r2"]))
        """)
    }
    return story
  }

  private static func step(_ random: inout Seeded, _ story: inout Scenario) -> String {
    let application = "A\(random.draw(1...20) as Int)"
    let round = random.pick(["r1", "r2"])
    switch random.draw(0...9) as Int {
    case 0, 1: return "decide \(round)"
    case 2: return "publish \(round)"
    case 3: return "return \(round)"
    case 4, 5, 6: return "decline \(application)"
    case 7: return "conclude \(application)"
    default:
      story.clock = Instant(story.clock.seconds + 86_400 * (random.draw(0...9) as Int64))
      let day = story.programme.charter?.days.day(of: story.clock)
      return "advance \(day.map { "\($0)" } ?? "2026-02-01")"
    }
  }

  /// What is held, day by day and line by line; and by organisation and round.
  private static func recount(_ story: Scenario, _ seed: UInt64) {
    let programme = story.programme
    for line in programme.lines.ids {
      let awardable = programme.lines[line].awardable(minimum: .contracted, on: nil)
      for day in (0..<Scenario.year.dayCount).map({ Scenario.year.from.advanced(by: $0) })
      where day.number % 15 == 0 {
        var held: Int64 = 0
        programme.offers.forEach { _, offer in
          guard offer.line == line, offer.holdsCapacity, offer.term.contains(day) else { return }
          held += offer.gpus
        }
        #expect(held <= awardable.value(on: day), "SEED=\(seed) \(line) \(day)")
      }
    }
    for round in programme.rounds.ids {
      guard let rules = programme.rounds[round].published?.rules,
        let cap = rules.organisationCap
      else { continue }
      for organisation in programme.organisations.ids {
        var held: Int64 = 0
        programme.offers.forEach { _, offer in
          if offer.round == round, offer.organisation == organisation, offer.holdsCapacity {
            held += offer.gpus
          }
        }
        #expect(held <= cap, "SEED=\(seed) \(round) \(organisation)")
      }
    }
  }

  /// Offers after the events alone: applying is all there is to replay.
  private static func replayed(_ events: [Event]) -> Int {
    var programme = Programme()
    for event in events {
      programme.apply(
        event,
        Header(
          number: programme.eventCount, at: programme.now, received: programme.now,
          by: Scenario.person(1)))
    }
    return programme.offers.count
  }
}
