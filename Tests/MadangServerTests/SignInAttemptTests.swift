import MadangCrypto
import MadangProgramme
import Testing

@testable import MadangServer

/// Who went to the identity provider and comes back.
struct SignInAttemptTests {
  private static func digest(_ text: String) -> Digest { SHA256.hash(Array(text.utf8)) }

  private static func attempt(
    _ browser: String, begun: Int64 = 0, typed: Int = 0
  ) -> SignInAttempts.Attempt {
    SignInAttempts.Attempt(
      browser: digest(browser), nonce: "n", verifier: "v", invitation: nil, back: "/me",
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
}
