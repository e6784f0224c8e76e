import Testing

@testable import MadangProgramme
@testable import MadangViews

/// What a cluster waits for follows from the programme alone.
struct CentreWorkTests {
  private static func work(_ change: (inout Allocation) -> Void) -> [CentreWork] {
    var programme = AccessTests.programme()
    change(&programme.allocations[AllocationID(1)])
    return programme.work(at: ClusterID(1))
  }

  @Test func `each difference is one thing to do, and where there is none there is nothing`() {
    let expected: [(Drift, CentreWork.Kind)] = [
      (.behind, .apply), (.missing, .apply), (.otherLimit, .apply), (.otherSuspension, .resume),
      (.notReady, .mend), (.unconfirmed, .awaitTeam), (.lingering, .wipe),
    ]
    for (drift, kind) in expected {
      let work = Self.work { row in
        row.drift = drift
        row.driftSince = Instant(7)
        row.missingGPUs = 3
      }
      #expect(work.map(\.task) == [kind], "\(drift)")
      #expect(work.first?.gpus == (drift == .notReady ? 3 : 8) && work.first?.since == Instant(7))
    }
    // Made, and not read back yet; then as it should be.
    #expect(Self.work { _ in }.map(\.task) == [.apply])
    #expect(Self.work { $0.enforcedGeneration = 1 }.isEmpty)
    let suspended = Self.work { row in
      row.standing = .suspended
      row.drift = .otherSuspension
    }
    #expect(suspended.map(\.task) == [.suspend])
  }

  @Test func `what is over is kept readable as long as the rules say, and wiped then`() {
    let day = Day("2026-05-01")!
    let over = Self.work { row in
      row.standing = .ended
      row.heldGPUs = 8
      row.readableTo = day
    }
    #expect(over.map(\.task) == [.keepReadable] && over.first?.until == day)
    let wiped = Self.work { row in
      row.standing = .ended
      row.heldGPUs = 8
    }
    #expect(wiped.map(\.task) == [.wipe] && wiped.first?.gpus == 8)
    #expect(Self.work { $0.standing = .returned }.isEmpty)
    // Another cluster's work is its own.
    #expect(AccessTests.programme().work(at: ClusterID(2)).isEmpty)
  }

  @Test func `a reviewer's list is what is eligible and has no word of the reviewer's`() {
    var programme = AccessTests.programme()
    let reviewer = PersonID(5)!
    #expect(programme.reviewing(RoundID(1), by: reviewer).open == [ApplicationID(1)])
    #expect(programme.reviewing(RoundID(2), by: reviewer).open.isEmpty)
    for (kind, done) in [(Review.Kind.points, true), (.conflict, false)] {
      var other = programme
      other.reviews.append(
        Review(
          application: ApplicationID(1), reviewer: reviewer, kind: kind, pointSum: 0, previous: 0))
      let found = other.reviewing(RoundID(1), by: reviewer)
      #expect(found.open.isEmpty)
      #expect(found.done.isEmpty != done && found.aside.isEmpty == done)
      #expect(other.reviewing(RoundID(1), by: PersonID(6)!).open == [ApplicationID(1)])
    }
    programme.applications[ApplicationID(1)].standing = .withdrawn
    #expect(programme.reviewing(RoundID(1), by: reviewer).open.isEmpty)
  }
}
