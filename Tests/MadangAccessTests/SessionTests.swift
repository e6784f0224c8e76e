import Foundation
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
}
