import Foundation
import GRDB
import MadangProgramme
import MadangViews
import Testing

@testable import MadangAccess

/// Identities of a provider, and the accounts that they are here.
struct IdentityTests {
  private static let issuer = "https://id.example"
  private let test: TestBook

  init() throws { test = try TestBook() }

  private func enter(
    _ subject: String, _ invitation: String? = nil, issuer: String = issuer, _ seconds: Int64 = 0
  ) -> Result<Session, AccessRefusal> {
    Result { () throws(AccessRefusal) in
      try test.book.signIn(
        issuer: issuer, subject: subject, invitation: invitation, at: after(seconds))
    }
  }

  private func refusal(
    _ subject: String, _ invitation: String? = nil, issuer: String = issuer, _ seconds: Int64 = 0
  ) -> AccessRefusal? {
    guard case .failure(let refusal) = enter(subject, invitation, issuer: issuer, seconds) else {
      return nil
    }
    return refusal
  }

  private func link(_ subject: String, to name: String) throws {
    try test.book.link(issuer: IdentityTests.issuer, subject: subject, to: name, at: after(0))
  }

  @Test func `an identity that the office linked signs in as its account`() throws {
    #expect(
      refusal("one") == .unknownIdentity(issuer: IdentityTests.issuer, subject: "one"))
    try link("one", to: "KIM")
    let session = try enter("one").get()
    #expect(session.caller.account == "kim" && session.caller.has(.officer))
    #expect(test.book.session(session.secret, at: after(1))?.caller == session.caller)
    // To the letter: another issuer's and another spelling are others.
    #expect(refusal("One") != nil && refusal("one ") != nil)
    #expect(refusal("one", issuer: "https://id.example/") != nil)
    #expect(refusal("one", issuer: "https://evil.example") != nil)
    #expect(
      try test.book.identities(of: "kim")
        == [IdentityEntry(issuer: IdentityTests.issuer, subject: "one", linked: after(0))])
  }

  @Test func `one identity is one account's, until it is unlinked`() throws {
    try link("one", to: "kim")
    try link("one", to: "kim")
    #expect(throws: AccessRefusal.identityTaken("kim")) { try link("one", to: "lee") }
    #expect(throws: AccessRefusal.unknownAccount("park")) { try link("two", to: "park") }
    let session = try enter("one").get()
    try test.book.unlink(issuer: IdentityTests.issuer, subject: "one")
    #expect(test.book.session(session.secret, at: after(1)) == nil, "it ends what it opened")
    #expect(refusal("one") != nil)
    #expect(throws: AccessRefusal.self) {
      try test.book.unlink(issuer: IdentityTests.issuer, subject: "one")
    }
    try link("one", to: "lee")
    #expect(try enter("one").get().caller.account == "lee")
    // A closed account opens to nobody, and its identities are free for another.
    try test.book.disable("lee")
    #expect(refusal("one") != nil)
    #expect(throws: AccessRefusal.disabled("lee")) { try link("one", to: "lee") }
    try link("one", to: "kim")
  }

  @Test func `an invitation links once, in its time, and only what is new`() throws {
    let invitation = try test.book.invite("kim", expires: after(100), at: after(0))
    #expect(invitation.hasPrefix("invitation_"))
    for wrong in ["", "x", invitation + "x", "invitation_" + String(repeating: "A", count: 43)] {
      #expect(refusal("one", wrong) == .badInvitation, "\(wrong)")
    }
    #expect(refusal("one", invitation, 100) == .badInvitation, "over")
    #expect(refusal("one") != nil, "none of these linked anything")
    #expect(try enter("one", invitation, 99).get().caller.account == "kim")
    #expect(refusal("two", invitation, 99) == .badInvitation, "used")
    #expect(try enter("one").get().caller.account == "kim")
    // Who is linked keeps that, and uses up nobody's invitation.
    let other = try test.book.invite("lee", expires: after(100), at: after(0))
    #expect(try enter("one", other).get().caller.account == "kim")
    #expect(try enter("two", other).get().caller.account == "lee")
  }

  @Test func `of one account the newest invitation holds, and none of a closed one`() throws {
    let first = try test.book.invite("kim", expires: after(100), at: after(0))
    let second = try test.book.invite("kim", expires: after(100), at: after(0))
    #expect(refusal("one", first) == .badInvitation)
    try test.book.disable("kim")
    #expect(refusal("one", second) == .badInvitation)
    let days = AccessBook.invitationDaysMax
    for seconds in [0, -1, Int64(days) * 86_400 + 1] {
      #expect(throws: AccessRefusal.badInvitationExpiry(maximumDays: days)) {
        _ = try test.book.invite("lee", expires: after(seconds), at: after(0))
      }
    }
    #expect(throws: AccessRefusal.disabled("kim")) {
      _ = try test.book.invite("kim", expires: after(9), at: after(0))
    }
  }

  @Test func `issuers and subjects that none can be are refused`() throws {
    for (issuer, subject) in [
      ("", "one"), ("id", "one"), ("https://id.example", ""), ("https://id.example", "한"),
      ("https://id.example", String(repeating: "x", count: 256)),
      ("https://" + String(repeating: "x", count: 600), "one"), ("https://id.example", "a\nb"),
    ] {
      #expect(throws: AccessRefusal.badIdentity) {
        try test.book.link(issuer: issuer, subject: subject, to: "kim", at: after(0))
      }
    }
    for number in 0..<AccessBook.identitiesMax { try link("s\(number)", to: "kim") }
    #expect(throws: AccessRefusal.tooMany(.identities, limit: AccessBook.identitiesMax)) {
      try link("one more", to: "kim")
    }
  }

  @Test func `a file of the first version opens with all it held`() async throws {
    let old = try TestFolder()
    try IdentityTests.makeFirst(old)
    for _ in 0..<2 {
      let book = try AccessBook(folder: old.path, profile: .quick)
      _ = try await book.signIn(
        "old", password: "a long old sentence", from: "192.0.2.1", at: after(0))
      try book.link(issuer: IdentityTests.issuer, subject: "one", to: "old", at: after(0))
    }
    #expect(try IdentityTests.version(old) == AccessSchema.version)
  }

  private static func makeFirst(_ folder: TestFolder) throws {
    try folder.queue().write { db in
      try db.execute(sql: AccessSchema.steps[0])
      try db.execute(sql: "PRAGMA application_id = \(AccessSchema.applicationID)")
      try db.execute(sql: "PRAGMA user_version = 1")
      let record = try PasswordRecord(of: "a long old sentence", .quick)
      try db.execute(
        sql: "INSERT INTO account (name, person, password, createdAt) VALUES ('old', 1, ?, 0)",
        arguments: [record.text])
    }
  }

  private static func version(_ folder: TestFolder) throws -> Int? {
    try folder.queue().read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
  }

  @Test func `a stolen file shows no invitation`() throws {
    let invitation = try test.book.invite("kim", expires: after(100), at: after(0))
    var bytes = Data()
    for name in try FileManager.default.contentsOfDirectory(atPath: test.folder.path) {
      bytes += try Data(contentsOf: URL(fileURLWithPath: test.folder.path + "/" + name))
    }
    #expect(bytes.range(of: Data(invitation.utf8)) == nil)
    #expect(bytes.range(of: Data(invitation.dropFirst(11).utf8)) == nil)
  }
}
