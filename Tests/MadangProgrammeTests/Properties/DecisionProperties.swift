import Testing

@testable import MadangProgramme

struct DecisionProperties {
  @Test func `a decision is what the rules told plainly give`() {
    seeds(600) { seed, random in
      let problem = RandomRounds.problem(&random)
      var naive = NaiveDecider(problem)
      let text = difference(naive.decided().lines, problem.decided().lines)
      #expect(text == nil, "SEED=\(seed)\n\(text ?? "")")
    }
  }

  @Test func `the recount finds nothing exceeded`() {
    seeds(600) { seed, random in
      let problem = RandomRounds.problem(&random)
      #expect(SelectionChecker(problem, problem.decided()).excess == nil, "SEED=\(seed)")
    }
  }

  @Test func `everybody ranked can recompute the outcome from public facts and its own`() {
    seeds(600) { seed, random in
      let problem = RandomRounds.problem(&random)
      let decision = problem.decided()
      let facts = decision.facts(problem)
      for ranked in decision.ranking {
        guard let own = problem.candidates.first(where: { $0.application == ranked.application })
        else { continue }
        var expected = ranked.outcome
        if case .notSelected(let reason, _) = expected {
          expected = .notSelected(reason, reserve: 0)
        }
        #expect(
          facts.outcome(of: own, rank: ranked.rank) == expected,
          "SEED=\(seed) \(ranked.application)")
      }
    }
  }

  @Test func `the order in which candidates are listed changes nothing`() {
    seeds(300) { seed, random in
      let problem = RandomRounds.problem(&random)
      var other = problem
      other.candidates.shuffle(using: &random)
      #expect(problem.decided().lines == other.decided().lines, "SEED=\(seed)")
    }
  }

  @Test func `every outcome comes up in these rounds`() {
    var words: Set<String> = []
    seeds(200) { _, random in
      for ranked in RandomRounds.problem(&random).decided().ranking {
        switch ranked.outcome {
        case .selected(_, let pass): words.insert("selected in pass \(pass)")
        case .notSelected(let reason, let reserve):
          words.insert(reason.word)
          if reserve > 0 { words.insert("reserve") }
        }
      }
    }
    #expect(
      repeatsOneSeed
        || words.sorted() == [
          "belowMinimumScore", "capacityExhausted", "closed", "ineligible", "notReviewed",
          "notWholeUnits", "organisationCap", "reserve", "selected in pass 1", "selected in pass 2",
          "shareExhausted", "termOver", "tooLarge", "withdrawn",
        ])
  }

  /// A recount that never finds anything proves nothing: what is selected on top is caught.
  @Test func `one selected too many is found`() {
    var caught = 0
    seeds(400) { seed, random in
      let problem = RandomRounds.problem(&random)
      var decision = problem.decided()
      let refused = decision.ranking.indices.filter { index in
        if case .notSelected(let reason, _) = decision.ranking[index].outcome {
          reason.isPromotable && problem.rules.skips
        } else {
          false
        }
      }
      guard let index = refused.randomElement(using: &random),
        case .notSelected(let reason, _) = decision.ranking[index].outcome,
        let own = problem.candidates.first(where: {
          $0.application == decision.ranking[index].application
        })
      else { return }
      // In the second pass shares no longer bound, so only lines and organisations can.
      guard let line = problem.lines.first(where: { own.models.contains($0.model) }) else { return }
      let pass: Int32 = problem.rules.unusedShare == .passes ? 2 : 1
      decision.ranking[index].outcome = .selected(line: line.line, pass: pass)
      caught += 1
      #expect(
        SelectionChecker(problem, decision).excess != nil, "SEED=\(seed) \(reason) \(own)")
    }
    #expect(repeatsOneSeed || caught > 40, "too few mutations to mean anything: \(caught)")
  }

  @Test func `a line that was not offered is found`() {
    var random = Seeded(7)
    let problem = RandomRounds.problem(&random)
    var decision = problem.decided()
    decision.ranking[0].outcome = .selected(line: LineID(99), pass: 1)
    #expect(SelectionChecker(problem, decision).excess?.of == "line-99")
  }
}
