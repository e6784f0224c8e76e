import Foundation
import MadangProgramme
import MadangViews
import Testing

@testable import MadangAccess

struct TokenTests {
  private func issue(
    _ test: TestBook, _ account: String = "kim", roles: [Role]? = nil, expires: Int64 = 1_000,
    label: String = "metrics"
  ) throws(AccessRefusal) -> String {
    try test.book.issueToken(
      label, for: account, roles: roles, expires: after(expires), at: after(0))
  }

  @Test func `a token speaks for its account until it expires`() throws {
    let test = try TestBook()
    let token = try issue(test)
    #expect(token.hasPrefix("madang_") && token.utf8.count == 50)
    let caller = Caller(account: "kim", person: person(1), grants: grants(.officer, .auditor))
    #expect(test.book.caller(token: token, at: after(1)) == caller)
    #expect(test.book.caller(token: token, at: after(999)) == caller)
    #expect(test.book.caller(token: token, at: after(1_000)) == nil)
    // Also where it was never in memory.
    let other = try AccessBook(folder: test.folder.path, profile: .quick)
    #expect(other.caller(token: token, at: after(1_000)) == nil)
    for wrong in ["", "madang_", token + "A", String(token.dropFirst(7)), "x" + token.dropFirst()] {
      #expect(test.book.caller(token: wrong, at: after(1)) == nil)
    }
    #expect(test.book.session(token, at: after(1)) == nil)
    #expect(test.book.session(String(token.dropFirst(7)), at: after(1)) == nil)
  }

  @Test func `whoever has a token can end it, and no other`() throws {
    let test = try TestBook()
    let (first, second) = (try issue(test), try issue(test))
    let number = try #require(try test.book.tokens(of: "kim").first?.id)
    #expect(try test.book.revokeToken(first) == number)
    #expect(test.book.caller(token: first, at: after(1)) == nil)
    #expect(test.book.caller(token: second, at: after(1)) != nil)
    for gone in [first, "", "madang_", second + "A"] {
      #expect(throws: AccessRefusal.unknownToken(0)) { try test.book.revokeToken(gone) }
    }
    #expect(try test.book.tokens(of: "kim").count == 1)
  }

  @Test func `a token has the roles it was made for, as long as its account has them`() throws {
    let test = try TestBook()
    let auditor = try issue(test, roles: [.auditor])
    let nothing = try issue(test, roles: [])
    let team = try issue(test, "lee", roles: [.team])
    let all = try issue(test)
    func held(_ token: String) -> [Grant]? { test.book.caller(token: token, at: after(1))?.grants }
    #expect(held(auditor) == grants(.auditor))
    #expect(held(nothing) == [])
    #expect(test.book.caller(token: team, at: after(1))?.organisations.map(\.number) == [3, 7])
    #expect(held(all) == grants(.officer, .auditor))
    try test.book.setGrants(grants(.officer, .reviewer), of: "kim")
    #expect(held(auditor) == [])
    #expect(held(all) == grants(.officer, .reviewer))
    #expect(
      refused { () throws(AccessRefusal) in _ = try issue(test, roles: [.approver]) }
        == .roleNotHeld(.approver))
  }

  @Test func `a token is revoked by its own account, and ends with it`() throws {
    let test = try TestBook()
    let (a, b) = (try issue(test), try issue(test, label: "backup"))
    #expect(test.book.caller(token: a, at: after(1)) != nil)
    let entries = try test.book.tokens(of: "kim")
    #expect(entries.map(\.label) == ["metrics", "backup"])
    #expect(entries[0].expires == after(1_000) && entries[0].created == after(0))
    let first = entries[0].id
    #expect(
      refused { () throws(AccessRefusal) in try test.book.revokeToken(first, of: "lee") }
        == .unknownToken(first))
    #expect(test.book.caller(token: a, at: after(1)) != nil)
    try test.book.revokeToken(first, of: "kim")
    #expect(test.book.caller(token: a, at: after(1)) == nil)
    #expect(test.book.caller(token: b, at: after(1)) != nil)
    try test.book.disable("kim")
    #expect(test.book.caller(token: b, at: after(1)) == nil)
    #expect(try test.book.tokens(of: "kim") == [])
    #expect(refused { () throws(AccessRefusal) in _ = try issue(test) } == .disabled("kim"))
  }

  @Test func `a new password leaves tokens alone`() throws {
    let test = try TestBook()
    let token = try issue(test)
    try test.book.setPassword("a sentence that is new", of: "kim")
    #expect(test.book.caller(token: token, at: after(1)) != nil)
  }

  @Test func `when a token was used is known to the hour`() throws {
    let test = try TestBook()
    let token = try issue(test, expires: 100_000)
    #expect(try test.book.tokens(of: "kim").map(\.used) == [nil])
    for seconds: Int64 in [10, 3_000, 3_609] {
      #expect(test.book.caller(token: token, at: after(seconds)) != nil)
    }
    test.book.flush()
    #expect(try test.book.tokens(of: "kim").map(\.used) == [after(10)])
    #expect(test.book.caller(token: token, at: after(3_610)) != nil)
    test.book.flush()
    #expect(try test.book.tokens(of: "kim").map(\.used) == [after(3_610)])
  }

  @Test func `labels, ends and numbers of tokens have their limits`() throws {
    let test = try TestBook()
    func refusal(_ label: String = "a", _ expires: Int64 = 10) -> AccessRefusal? {
      refused { () throws(AccessRefusal) in
        _ = try issue(test, expires: expires, label: label)
      }
    }
    for label in ["", "a\nb", "\u{202E}a", String(repeating: "a", count: 81)] {
      #expect(refusal(label) == .badLabel(maximum: 80))
    }
    let last: Int64 = 400 * 86_400
    for expires in [0, -1, last + 1] {
      #expect(refusal("a", expires) == .badExpiry(maximumDays: 400))
    }
    for _ in 0..<50 { #expect(refusal() == nil) }
    #expect(refusal() == .tooMany(.tokens, limit: 50))
    // Those that ended make room.
    _ = try test.book.issueToken("a", for: "kim", roles: nil, expires: after(20), at: after(10))
    #expect(try test.book.tokens(of: "kim").count == 1)
  }
}
