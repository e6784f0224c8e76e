import MadangAccess
import MadangCrypto
import MadangProgramme
import Testing

@testable import MadangServer

/// Who went to the identity provider and comes back.
struct SignInAttemptTests {
  private static func digest(_ text: String) -> Digest { SHA256.hash(Array(text.utf8)) }

  private static func attempt(
    _ browser: String, from address: String = "192.0.2.1", begun: Int64 = 0, typed: Int = 0,
    invitation: String? = nil
  ) -> SignInAttempts.Attempt {
    SignInAttempts.Attempt(
      browser: digest(browser), address: address, nonce: "n", verifier: "v",
      invitation: invitation, back: "/me",
      keep: typed == 0 ? [] : [("text", String(repeating: "x", count: typed))],
      begun: Instant(begun))
  }

  private static func take(
    _ attempts: inout SignInAttempts, _ state: String, _ browser: String, _ at: Int64 = 1
  ) -> Bool {
    attempts.take(state: digest(state), browser: digest(browser), at: Instant(at)) != nil
  }

  @Test func `an attempt is good once, for the browser that began it, in its time`() {
    var attempts = SignInAttempts()
    for state in ["one", "two", "three"] {
      attempts.begin(SignInAttemptTests.attempt("mine"), state: SignInAttemptTests.digest(state))
    }
    #expect(!SignInAttemptTests.take(&attempts, "none", "mine"))
    #expect(!SignInAttemptTests.take(&attempts, "one", "another's"))
    #expect(SignInAttemptTests.take(&attempts, "one", "mine"), "another's try takes nothing away")
    #expect(!SignInAttemptTests.take(&attempts, "one", "mine"), "replayed")
    #expect(SignInAttemptTests.take(&attempts, "two", "mine", SignInAttempts.seconds - 1))
    #expect(!SignInAttemptTests.take(&attempts, "three", "mine", SignInAttempts.seconds))
    #expect(attempts.count == 0)
  }

  @Test func `many attempts, and much that was typed, push out the oldest`() {
    var attempts = SignInAttempts()
    for number in 0...SignInAttempts.countMax {
      attempts.begin(
        SignInAttemptTests.attempt("mine"), state: SignInAttemptTests.digest("\(number)"))
    }
    #expect(attempts.count == SignInAttempts.countMax)
    #expect(!SignInAttemptTests.take(&attempts, "0", "mine"))
    #expect(SignInAttemptTests.take(&attempts, "1", "mine"))
    let typed = 60_000
    for number in 0..<2_000 {
      attempts.begin(
        SignInAttemptTests.attempt("mine", typed: typed),
        state: SignInAttemptTests.digest("long \(number)"))
    }
    #expect(attempts.count <= SignInAttempts.bytesMax / typed)
    #expect(SignInAttemptTests.take(&attempts, "long 1999", "mine"))
  }

  @Test func `attempts whose time is over are forgotten as others begin`() {
    var attempts = SignInAttempts()
    for number in 0..<100 {
      attempts.begin(
        SignInAttemptTests.attempt("mine", begun: Int64(number)),
        state: SignInAttemptTests.digest("\(number)"))
    }
    attempts.begin(
      SignInAttemptTests.attempt("mine", begun: 1_000), state: SignInAttemptTests.digest("last"))
    #expect(attempts.count == 1)
  }

  /// Found by review: ten thousand of one stranger's made everybody's forgotten.
  @Test func `one address pushes out its own, and nobody else's`() {
    var attempts = SignInAttempts()
    for address in ["192.0.2.7", "192.0.2.8"] {
      attempts.begin(
        SignInAttemptTests.attempt("mine", from: address, typed: 60_000),
        state: SignInAttemptTests.digest(address))
    }
    for number in 0..<SignInAttempts.countMax + 100 {
      attempts.begin(
        SignInAttemptTests.attempt("other", from: "203.0.113.\(number % 3)"),
        state: SignInAttemptTests.digest("\(number)"))
    }
    #expect(attempts.count == SignInAttempts.countMax)
    for number in 0..<2_000 {
      attempts.begin(
        SignInAttemptTests.attempt("other", from: "203.0.113.0", typed: 60_000),
        state: SignInAttemptTests.digest("long \(number)"))
    }
    #expect(SignInAttemptTests.take(&attempts, "192.0.2.7", "mine"))
    #expect(SignInAttemptTests.take(&attempts, "192.0.2.8", "mine"))
    #expect(SignInAttemptTests.take(&attempts, "long 1999", "other"))
  }

  @Test func `an invitation counts among what was typed`() {
    var attempts = SignInAttempts()
    let long = String(repeating: "x", count: 60_000)
    for number in 0..<2_000 {
      attempts.begin(
        SignInAttemptTests.attempt("mine", invitation: long),
        state: SignInAttemptTests.digest("\(number)"))
    }
    #expect(attempts.count <= SignInAttempts.bytesMax / 60_000)
    #expect(!AccessBook.isInvitation(long) && !AccessBook.isInvitation(""))
    #expect(AccessBook.isInvitation("invitation_" + String(repeating: "A", count: 43)))
  }
}
