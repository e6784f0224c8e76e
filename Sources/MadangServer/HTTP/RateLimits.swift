import Hummingbird
import MadangAccess
import MadangProgramme
import MadangViews
import Synchronization

/// What one caller may ask of the office: so many commands (an agent: so many segments), so much
/// work.
///
/// Reads that were made before (a stranger's page until the next event) cost nothing. What has to
/// be made anew costs the time that it takes, charged when it is done.
final class RateLimits: Sendable {
  /// Whose requests count together: an account's, an agent's, else those of an address.
  /// Strangers never share a table with those who signed in, so that no number of them makes one
  /// forgotten.
  enum Party: Hashable, Sendable {
    case account(String)
    case agent(AgentID)
    case address(String)
  }

  private final class Tables: Sendable {
    let commands: Mutex<TokenBuckets<Party>>
    let work: Mutex<TokenBuckets<Party>>

    init(_ limits: HTTPLimits, commands rate: TokenBucket.Rate) {
      commands = Mutex(TokenBuckets(rate, keysMax: HTTPLimits.partiesMax))
      work = Mutex(TokenBuckets(limits.workMicroseconds, keysMax: HTTPLimits.partiesMax))
    }
  }

  private let strangers: Tables
  private let signedIn: Tables
  private let agents: Tables
  private let start = ContinuousClock.now

  init(_ limits: HTTPLimits) {
    strangers = Tables(limits, commands: limits.commands)
    signedIn = Tables(limits, commands: limits.commands)
    agents = Tables(limits, commands: limits.segments)
  }

  /// Counts commands that are to be given, or refuses them.
  func give(_ count: Int, _ party: Party) throws(HTTPRefusal) {
    let wait = tables(of: party).commands.withLock { commands in
      let wait = commands.wait(party, for: Int64(count), at: now)
      if wait == 0 { commands.charge(party, Int64(count), at: now) }
      return wait
    }
    if wait > 0 { throw RateLimits.refusal(wait) }
  }

  /// Does what costs time, unless the caller had too much of it.
  func work<Made>(_ party: Party, _ make: () throws -> Made) throws -> Made {
    let wait = tables(of: party).work.withLock { $0.wait(party, for: 1, at: now) }
    if wait > 0 { throw RateLimits.refusal(wait) }
    return try spend(party, make)
  }

  /// Does what costs time and is never refused for that: a door that others behind the same
  /// address could hold shut would be worse than what it costs.
  func spend<Made>(_ party: Party, _ make: () throws -> Made) rethrows -> Made {
    let begun = ContinuousClock.now
    defer {
      let spent = (ContinuousClock.now - begun).components
      let microseconds = spent.seconds * 1_000_000 + spent.attoseconds / 1_000_000_000_000
      tables(of: party).work.withLock { $0.charge(party, max(1, microseconds), at: now) }
    }
    return try make()
  }

  private func tables(of party: Party) -> Tables {
    switch party {
    case .account: signedIn
    case .agent: agents
    case .address: strangers
    }
  }

  private var now: Int64 {
    let passed = (ContinuousClock.now - start).components
    return passed.seconds * 1_000 + passed.attoseconds / 1_000_000_000_000_000
  }

  private static func refusal(_ milliseconds: Int64) -> HTTPRefusal {
    .tooMuchAsked(waitSeconds: Int((milliseconds + 999) / 1_000))
  }
}
