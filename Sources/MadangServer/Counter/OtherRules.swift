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
    let base = Counter.digest(of: own)
    var tried: [TriedRules] = []
    do throws(Refusal) {
      for rules in otherRules {
        let digest = Counter.digest(of: rules)
        if digest == base { continue }
        let key = WhatIfCache.Key(
          events: programme.eventCount, round: id, base: base, other: digest)
        let result =
          if let known = whatIfs[key] {
            known
          } else {
            try programme.whatIf(id, base: own, other: rules)
          }
        whatIfs[key] = result
        tried.append(TriedRules(rules: rules, digest: digest, result: result))
      }
    } catch {
      return ([], error)
    }
    return (tried, nil)
  }
}

/// What-ifs, kept until the next event.
final class WhatIfCache: Sendable {
  struct Key: Hashable, Sendable {
    let events: Int64
    let round: RoundID
    let base: Digest
    let other: Digest
  }

  /// What-ifs kept at once; the next empties all.
  private static let countMax = 64

  private struct Kept {
    var events: Int64 = -1
    var results: [Key: WhatIf] = [:]
  }

  private let kept = Mutex(Kept())

  subscript(key: Key) -> WhatIf? {
    get { kept.withLock { $0.results[key] } }
    set {
      kept.withLock { kept in
        if kept.events != key.events || kept.results.count >= WhatIfCache.countMax {
          kept.results.removeAll(keepingCapacity: true)
          kept.events = key.events
        }
        kept.results[key] = newValue
      }
    }
  }
}
