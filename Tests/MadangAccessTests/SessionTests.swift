import Foundation
import GRDB
import MadangProgramme
import MadangViews
import Testing

@testable import MadangAccess

struct SessionTests {
  @Test func `who signs in has a session with person and grants`() async throws {
    let test = try TestBook()
    let session = try await test.signIn()
    #expect(
      session.caller
        == Caller(account: "kim", person: person(1), grants: grants(.officer, .auditor)))
    #expect(session.expires == after(7_200))
    let found = try #require(test.book.session(session.secret, at: after(60)))
    #expect(found.caller == session.caller && found.secret == session.secret)
    #expect(found.csrf == session.csrf && found.accepts(csrf: session.csrf))
    #expect(!found.accepts(csrf: "") && !found.accepts(csrf: session.csrf + "A"))
    #expect(found.expires == after(7_260))
    #expect(session.csrf != session.secret && session.secret.utf8.count == 43)
    let lee = try await test.signIn("Lee", "another long sentence")
    #expect(lee.caller.organisations.map(\.number) == [3, 7])
    #expect(lee.caller.has(.reviewer) && !lee.caller.has(.officer))
  }

  @Test func `a session ends after two hours without a request, and after twelve whatever happens`()
    async throws
  {
    let test = try TestBook()
    let idle = try await test.signIn()
    #expect(test.book.session(idle.secret, at: after(7_199)) != nil)
    #expect(test.book.session(idle.secret, at: after(2 * 7_199)) != nil)
    #expect(test.book.session(idle.secret, at: after(2 * 7_199 + 7_200)) == nil)
    let busy = try await test.signIn()
    for seconds in stride(from: Int64(0), to: 43_200, by: 7_000) {
      let found = try #require(test.book.session(busy.secret, at: after(seconds)))
      #expect(found.expires == after(min(43_200, seconds + 7_200)))
    }
    #expect(test.book.session(busy.secret, at: after(43_199)) != nil)
    #expect(test.book.session(busy.secret, at: after(43_200)) == nil)
  }

  @Test func `a secret that is none opens nothing`() async throws {
    let test = try TestBook()
    let session = try await test.signIn()
    var other = session.secret
    let last = other.removeLast()
    for secret in [
      "", "A", other, other + (last == "A" ? "B" : "A"), session.secret + "A",
      session.secret + "\0", session.csrf, String(repeating: "é", count: 43),
    ] {
      #expect(test.book.session(secret, at: after(1)) == nil, "\(secret)")
    }
  }

  @Test func `a restart keeps sessions, and nearly all of their last request`() async throws {
    let test = try TestBook()
    let session = try await test.signIn()
    #expect(test.book.session(session.secret, at: after(5_000)) != nil)
    #expect(test.book.session(session.secret, at: after(5_200)) != nil)
    test.book.flush()
    let again = try AccessBook(folder: test.folder.path, profile: .quick)
    // The request at 5,200 was not written: less than five minutes after the one before.
    let found = try #require(again.session(session.secret, at: after(5_000 + 7_199)))
    #expect(found.csrf == session.csrf && found.caller == session.caller)
    let third = try AccessBook(folder: test.folder.path, profile: .quick)
    #expect(third.session(session.secret, at: after(5_000 + 7_200)) == nil)
  }

  @Test func `signing out ends one session, and ending all ends all`() async throws {
    let test = try TestBook()
    let (a, b, c) = (
      try await test.signIn(), try await test.signIn(), try await test.signIn()
    )
    let lee = try await test.signIn("lee", "another long sentence")
    for session in [a, b, c, lee] {
      #expect(test.book.session(session.secret, at: after(1)) != nil)
    }
    try test.book.endSession(a.secret)
    #expect(test.book.session(a.secret, at: after(1)) == nil)
    #expect(test.book.session(b.secret, at: after(1)) != nil)
    try test.book.endSession("no secret")
    try test.book.endAllSessions(of: "kim")
    #expect(test.book.session(b.secret, at: after(1)) == nil)
    #expect(test.book.session(c.secret, at: after(1)) == nil)
    #expect(test.book.session(lee.secret, at: after(1)) != nil)
    #expect(
      refused { () throws(AccessRefusal) in try test.book.endAllSessions(of: "no") }
        == .unknownAccount("no"))
  }

  @Test func `a new password and a disabled account end sessions, new grants change them`()
    async throws
  {
    let test = try TestBook()
    let a = try await test.signIn()
    #expect(test.book.session(a.secret, at: after(1)) != nil)
    try test.book.setGrants(grants(.reviewer), of: "kim")
    #expect(test.book.session(a.secret, at: after(1))?.caller.grants == grants(.reviewer))
    try test.book.setPassword("a sentence that is new", of: "kim")
    #expect(test.book.session(a.secret, at: after(1)) == nil)
    #expect(await test.refusal("kim", TestBook.password) == .wrongPassword)
    let b = try await test.signIn("kim", "a sentence that is new")
    #expect(test.book.session(b.secret, at: after(1)) != nil)
    try test.book.disable("kim")
    #expect(test.book.session(b.secret, at: after(1)) == nil)
    #expect(await test.refusal("kim", "a sentence that is new") == .wrongPassword)
  }

  @Test func `what another process revokes holds from the next second on`() async throws {
    let test = try TestBook()
    let other = try AccessBook(folder: test.folder.path, profile: .quick)
    let a = try await test.signIn()
    let b = try await test.signIn("lee", "another long sentence")
    #expect(other.session(a.secret, at: after(1)) != nil)
    #expect(other.session(b.secret, at: after(1)) != nil)
    try test.book.disable("kim")
    try test.book.setGrants(grants(.auditor), of: "lee")
    #expect(other.session(a.secret, at: after(2)) == nil)
    #expect(other.session(b.secret, at: after(2))?.caller.grants == grants(.auditor))
  }

  @Test func `memory answers what it has seen: no request asks the file twice in a second`()
    async throws
  {
    let test = try TestBook()
    let session = try await test.signIn()
    #expect(test.book.session(session.secret, at: after(1)) != nil)
    // Behind the book's back, and within the second: memory still answers.
    let queue = try test.folder.queue()
    try await queue.write { try $0.execute(sql: "DELETE FROM session") }
    #expect(test.book.session(session.secret, at: after(1)) != nil)
    #expect(test.book.session(session.secret, at: after(2)) == nil)
  }

  @Test func `an account has so many sessions, and one more ends the oldest`() async throws {
    let test = try TestBook()
    var secrets: [String] = []
    for number in 0...Int64(SessionLimits.perAccount) {
      let session = try await test.signIn("kim", TestBook.password, from: "::1", number)
      #expect(test.book.session(session.secret, at: after(number)) != nil)
      secrets.append(session.secret)
    }
    let held = secrets.map { test.book.session($0, at: after(40)) != nil }
    #expect(held == [false] + Array(repeating: true, count: SessionLimits.perAccount))
  }

  @Test func `a session shows its secret in no text`() async throws {
    let test = try TestBook()
    let session = try await test.signIn()
    var dumped = ""
    dump(session, to: &dumped)
    for text in ["\(session)", String(reflecting: session), dumped] {
      #expect(!text.contains(session.secret) && !text.contains(session.csrf), "\(text)")
    }
  }
}
