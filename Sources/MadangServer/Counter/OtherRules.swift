import MadangCrypto
import MadangPages
import MadangProgramme
import MadangViews
import Synchronization

/// Rounds under other rules: decided on a copy, by the very function that decides them.
extension Counter {
  /// What each of the programme's other rule sets comes to, and why none can be tried, if so.
  func tried(
    _ id: RoundID, _ own: RuleSet, _ programme: Programme
  ) -> (tried: [TriedRules], refusal: Refusal?) {
    let base = Giving.digest(of: own)
    var tried: [TriedRules] = []
    do throws(Refusal) {
      for rules in otherRules {
        let digest = Giving.digest(of: rules)
        if digest == base { continue }
        let key = WhatIfKey(round: id, base: base, other: digest)
        let result = try whatIfs.result(key, after: programme.eventCount) { () throws(Refusal) in
          try programme.whatIf(id, base: own, other: rules)
        }
        tried.append(TriedRules(rules: rules, digest: digest, result: result))
      }
    } catch {
      return ([], error)
    }
    return (tried, nil)
  }

  /// A published round beside what was published of it elsewhere.
  func comparison(_ id: RoundID, _ programme: Programme) -> Comparison? {
    let state = programme.rounds[id]
    guard let rules = state.published?.rules, state.result != nil else { return nil }
    return comparisons.result(id, after: programme.eventCount) {
      try? programme.comparison(of: id, rules: rules)  // no lines: nothing to show
    }
  }
}

/// What is worked out from the programme, kept until the next event.
final class DerivedCache<Key: Hashable & Sendable, Result: Sendable>: Sendable {
  /// Results kept at once; the next empties all.
  private static var countMax: Int { 64 }

  private struct Kept {
    var events: Int64 = -1
    var results: [Key: Result] = [:]
  }

  private let kept = Mutex(Kept())

  /// What was made for this key after so many events, or is made now: twice where two ask at once.
  func result<Failure: Error>(
    _ key: Key, after events: Int64, _ make: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if let known = kept.withLock({ $0.events == events ? $0.results[key] : nil }) { return known }
    let result = try make()
    kept.withLock { kept in
      // Somebody who read an older programme changes nothing.
      if kept.events > events { return }
      if kept.events < events || kept.results.count >= Self.countMax {
        kept.results.removeAll(keepingCapacity: true)
        kept.events = events
      }
      kept.results[key] = result
    }
    return result
  }
}

/// A round, the rules it was decided by, and those it is tried under.
struct WhatIfKey: Hashable, Sendable {
  let round: RoundID
  let base: Digest
  let other: Digest
}
