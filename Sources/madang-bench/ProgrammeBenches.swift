import MadangProgramme
import MadangSimulator

/// Benches of the value: decide, apply, the round.
enum ProgrammeBenches {
  /// Mixed commands on 100,000 applications and 10,000 awards, a snapshot held every 64.
  static func commands() {
    var generator = SeededGenerator(seed: 7)
    let fixture = large(&generator)
    let commands = mixed(400_000, fixture, &generator)
    var held: [Programme] = []
    var refused = 0
    let (median, best, worst) = Measure.median(3) {
      var programme = fixture.programme
      refused = 0
      held = []
      return Measure.seconds {
        for (index, envelope) in commands.enumerated() {
          do {
            let events = try programme.decide(envelope)
            for event in events {
              programme.apply(
                event,
                Header(
                  number: programme.eventCount, at: programme.time(of: envelope.received),
                  received: envelope.received, by: envelope.by))
            }
          } catch {
            refused += 1
          }
          if index % 64 == 0 {
            if held.count == 16 { held.removeFirst() }
            held.append(programme)
          }
        }
      }
    }
    precondition(refused == 0, "the bench's commands are all accepted")
    func rate(_ seconds: Double) -> String {
      Measure.text(Double(commands.count) / seconds / 1000, 0)
    }
    Measure.report(
      "decide + apply, mixed, snapshot held every 64",
      "\(rate(median))k/s (\(rate(worst))k to \(rate(best))k), "
        + "\(fixture.programme.applications.count == 0 ? "" : "")3 runs of \(commands.count)",
      bar: "200k/s")
  }

  static func large(_ generator: inout SeededGenerator) -> Fixture {
    // 10,000 awards of 8 to 128 GPUs with terms of their own fit below 400,000 GPUs a line.
    var fixture = Fixture.founded(gpus: 1_600_000, steps: 20)
    fixture.submit(50_000, round: 1, organisations: 20_000, ownTerms: true, &generator)
    fixture.submit(25_000, round: 2, organisations: 10_000, ownTerms: true, &generator)
    fixture.submit(25_000, round: 3, organisations: 10_000, ownTerms: true, &generator)
    fixture.judge(round: 1, reviews: 2, &generator)
    fixture.judge(round: 2, reviews: 2, &generator)
    fixture.decide(round: 1, awards: 10_000)
    precondition(fixture.programme.awards.count == 10_000, "10,000 awards")
    return fixture
  }

  /// Half reviews changed, a quarter applications changed, an eighth new reviews, an eighth new
  /// applications.
  static func mixed(
    _ count: Int, _ fixture: Fixture, _ generator: inout SeededGenerator, growing: Bool = true,
    organisations: Int = 40_000
  ) -> [Envelope] {
    guard let period = Fixture.period else { return [] }
    func applications(of round: Int) -> [ApplicationID] {
      fixture.programme.applications.ids.filter {
        fixture.programme.applications[$0].round == RoundID(round)
      }
    }
    let second = applications(of: 2)
    let third = applications(of: 3)
    var fresh = 0
    return (0..<count).map { _ in
      let id = second[generator.draw(0...second.count - 1)]
      let form = fixture.form(3, organisations, true, period, &generator)
      let command: Command
      var by = Fixture.person(Int64(100 + generator.draw(0...1)))
      switch generator.draw(0...7) {
      case 0...3: command = .review(id, points: fixture.points(&generator))
      case 4, 5: command = .revise(third[generator.draw(0...third.count - 1)], form)
      case 6 where growing:
        fresh += 1
        by = Fixture.person(Int64(1_000 + fresh / second.count))
        command = .review(second[fresh % second.count], points: fixture.points(&generator))
      case 7 where growing: command = .submit(form)
      default: command = .review(id, points: fixture.points(&generator))
      }
      return Envelope(by: by, received: fixture.received, command: command)
    }
  }

  /// What a persistent structure costs by itself: one row changed, a snapshot every 64.
  static func floor() {
    var generator = SeededGenerator(seed: 9)
    var table = PagedTable<ApplicationKind, Application>()
    var fixture = Fixture.founded(gpus: 8_000, steps: 1)
    fixture.submit(1, round: 1, organisations: 1, ownTerms: false, &generator)
    let row = fixture.programme.applications[ApplicationID(1)]
    for _ in 0..<100_000 { table.append(row) }
    let places = (0..<400_000).map { _ in ApplicationID(generator.draw(1...100_000)) }
    var held: [PagedTable<ApplicationKind, Application>] = []
    let seconds = Measure.seconds {
      for (index, place) in places.enumerated() {
        table[place].pointSum += 1
        if index % 64 == 0 {
          if held.count == 16 { held.removeFirst() }
          held.append(table)
        }
      }
    }
    Measure.report(
      "  one row of 100,000 changed, snapshot held every 64",
      "\(Measure.text(seconds / 400_000 * 1e9, 0)) ns", bar: "–")
  }

  /// A round of 100,000 applications with terms of their own over five years.
  static func round() {
    var generator = SeededGenerator(seed: 11)
    var fixture = Fixture.founded(gpus: 200_000, steps: 60)
    fixture.submit(100_000, round: 1, organisations: 30_000, ownTerms: true, &generator)
    fixture.judge(round: 1, reviews: 3, &generator)
    let programme = fixture.programme
    var visits = 0
    var selected = 0
    var steps = 0
    let (median, best, worst) = Measure.median(5) {
      Measure.seconds {
        do {
          let problem = try programme.problem(of: RoundID(1), rules: Fixture.rules)
          let decision = problem.decided()
          let checker = SelectionChecker(problem, decision)
          precondition(checker.excess == nil, "the decision holds")
          visits = decision.visits
          steps = checker.steps
          selected = decision.ranking.filter(\.isSelected).count
        } catch { preconditionFailure("\(error)") }
      }
    }
    Measure.report(
      "a round of 100,000 applications over 5 years by day",
      "\(Measure.text(median)) s (\(Measure.text(best)) to \(Measure.text(worst))), 5 runs",
      bar: "1 s")
    Measure.report(
      "  its check",
      "\(steps) changes and steps for \(selected) selected; decider \(visits) visits",
      bar: "O(awards + steps)")
  }
}
