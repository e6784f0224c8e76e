import Foundation
import GRDB
import MadangProgramme
import MadangViews
import Testing

@testable import MadangAccess

/// The file, its accounts, and who saw what.
struct BookTests {
  @Test func `the file and its log are for their owner alone`() async throws {
    let test = try TestBook()
    _ = try await test.signIn()
    for name in ["access.sqlite", "access.sqlite-wal", "access.sqlite-shm"] {
      let attributes = try FileManager.default.attributesOfItem(
        atPath: test.folder.path + "/" + name)
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
    }
    // A file that somebody opened to others is closed again.
    let path = test.folder.path + "/access.sqlite"
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    _ = try AccessBook(folder: test.folder.path, profile: .quick)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
  }

  @Test func `a stolen file shows no secret`() async throws {
    let test = try TestBook()
    let session = try await test.signIn()
    let token = try test.book.issueToken(
      "metrics", for: "kim", roles: nil, expires: after(1_000), at: after(0))
    #expect(test.book.session(session.secret, at: after(1)) != nil)
    #expect(test.book.caller(token: token, at: after(1)) != nil)
    test.book.flush()
    var bytes = Data()
    for name in try FileManager.default.contentsOfDirectory(atPath: test.folder.path) {
      bytes += try Data(contentsOf: URL(fileURLWithPath: test.folder.path + "/" + name))
    }
    #expect(bytes.range(of: Data("metrics".utf8)) != nil, "the search finds what is there")
    for secret in [
      session.secret, session.csrf, token, String(token.dropFirst(7)), TestBook.password,
    ] {
      #expect(bytes.range(of: Data(secret.utf8)) == nil)
    }
    for secret in [session.secret, String(token.dropFirst(7))] {
      #expect(bytes.range(of: Data(try #require(Base64URL.bytes(secret)))) == nil)
    }
  }

  @Test func `what is not an access file, or a newer one, is left alone`() throws {
    let folder = try TestFolder()
    let path = folder.path + "/access.sqlite"
    try folder.queue().write { try $0.execute(sql: "CREATE TABLE other (id INTEGER)") }
    #expect(throws: AccessFailure.notAccess(path: path)) {
      try AccessBook(folder: folder.path)
    }
    let test = try TestBook()
    try test.folder.queue().write { try $0.execute(sql: "PRAGMA user_version = 99") }
    #expect(throws: AccessFailure.newer(found: 99, known: AccessSchema.version)) {
      try AccessBook(folder: test.folder.path)
    }
    try Data("no database at all, but long enough to be read as one".utf8)
      .write(to: URL(fileURLWithPath: path))
    #expect(throws: AccessFailure.self) { try AccessBook(folder: folder.path) }
    #expect(throws: AccessFailure.self) { try AccessBook(folder: "/proc/none") }
  }

  @Test func `accounts are listed by name, with what each may`() throws {
    let test = try TestBook()
    try test.book.addAccount(
      "ahn@example.kr", password: "yet another sentence", person: person(3),
      grants: [Grant(.operator, scope: 5)!, Grant(.operator, scope: 5)!], at: after(0))
    try test.book.disable("KIM")
    let entries = try test.book.accounts()
    #expect(entries.map(\.name) == ["ahn@example.kr", "kim", "lee"])
    #expect(entries.map(\.disabled) == [false, true, false])
    #expect(entries[0].grants == [Grant(.operator, scope: 5)!] && entries[0].person == person(3))
    #expect(
      entries[2].grants
        == [Grant(.team, scope: 3)!, Grant(.team, scope: 7)!, Grant(.reviewer)!])
  }

  @Test func `names, passwords and grants are refused by name`() throws {
    let test = try TestBook()
    func add(
      _ name: String, _ password: String = "long enough", _ grants: [Grant] = []
    ) -> AccessRefusal? {
      refused { () throws(AccessRefusal) in
        try test.book.addAccount(
          name, password: password, person: person(9), grants: grants, at: after(0))
      }
    }
    for name in ["", " kim", "kim lee", "김", "-kim", "a\0b", String(repeating: "a", count: 65)] {
      #expect(add(name)?.code == "MDG-1911", "\(name)")
    }
    #expect(add("Kim") == .nameTaken("kim"))
    #expect(add("new", "short") == .weakPassword(minimum: 8))
    #expect(
      add("new", String(repeating: "a", count: 1_000_000)) == .longPassword(maximum: 256))
    let many = (1...65).compactMap { Grant(.team, scope: $0) }
    #expect(add("new", "long enough", many) == .tooMany(.grants, limit: 64))
    #expect(try test.book.accounts().count == 2)
    try test.book.disable("kim")
    #expect(add("kim") == .nameTaken("kim"))
    #expect(
      refused { () throws(AccessRefusal) in try test.book.setGrants([], of: "kim") }
        == .disabled("kim"))
    #expect(
      refused { () throws(AccessRefusal) in try test.book.setPassword("long enough", of: "kim") }
        == .disabled("kim"))
    #expect(
      refused { () throws(AccessRefusal) in try test.book.disable("kim") } == .disabled("kim"))
    #expect(
      refused { () throws(AccessRefusal) in try test.book.disable("no") } == .unknownAccount("no"))
  }

  @Test func `every refusal has a code of its own, and says what and what helps in both languages`()
  {
    let refusals: [any Refusing] = [
      AccessRefusal.wrongPassword, AccessRefusal.tooManyTries(waitSeconds: 7), AccessRefusal.busy,
      AccessRefusal.badName("x"), AccessRefusal.nameTaken("x"), AccessRefusal.unknownAccount("x"),
      AccessRefusal.disabled("x"), AccessRefusal.weakPassword(minimum: 8),
      AccessRefusal.longPassword(maximum: 256), AccessRefusal.roleNotHeld(.officer),
      AccessRefusal.badLabel(maximum: 80), AccessRefusal.badExpiry(maximumDays: 400),
      AccessRefusal.tooMany(.grants, limit: 64), AccessRefusal.unknownToken(1),
      AccessRefusal.unavailable(reason: "x"), AccessFailure.cannotOpen(path: "x", reason: "y"),
      AccessFailure.notAccess(path: "x"), AccessFailure.newer(found: 2, known: 1),
      AccessFailure.notDurable(synchronous: 1), AccessRefusal.badIdentity,
      AccessRefusal.unknownIdentity(issuer: "x", subject: "y"), AccessRefusal.identityTaken("x"),
      AccessRefusal.badInvitation, AccessRefusal.badInvitationExpiry(maximumDays: 30),
      OpenIDRefusal.noAnswer(provider: "x", reason: "y"), OpenIDRefusal.otherAttempt,
      OpenIDRefusal.declined(provider: "x", word: "y"),
      OpenIDRefusal.notBelieved(provider: "x", .over), OpenIDRefusal.tooManyAtOnce,
    ]
    #expect(Set(refusals.map(\.code)).count == refusals.count)
    for refusal in refusals + [
      AccessRefusal.tooMany(.tokens, limit: 50), AccessRefusal.tooMany(.identities, limit: 16),
    ] {
      #expect(refusal.code.hasPrefix("MDG-19"))
      for text in [refusal.what(.ko), refusal.what(.en), refusal.help(.ko), refusal.help(.en)] {
        #expect(text.hasSuffix(".") && text.count > 5, "\(refusal.code) \(text)")
      }
      #expect(refusal.what(.ko) != refusal.what(.en) && refusal.help(.ko) != refusal.help(.en))
    }
  }

  @Test func `who saw whose data is kept, newest first, and never changed`() throws {
    let test = try TestBook()
    #expect(try test.book.seen(limit: 10) == [])
    for number: Int64 in 1...3 {
      test.book.noteSeen("application", of: "application-\(number)", by: "kim", at: after(number))
    }
    let entries = try test.book.seen(limit: 2)
    #expect(entries.map(\.subject) == ["application-3", "application-2"])
    #expect(entries[0].at == after(3) && entries[0].account == "kim")
    #expect(entries[0].what == "application" && entries.map(\.number) == [3, 2])
    let queue = try test.folder.queue()
    for sql in ["UPDATE seen SET account = 'lee'", "DELETE FROM seen", "DELETE FROM account"] {
      #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
    }
    test.book.noteSeen(String(repeating: "a", count: 1_000), of: "x", by: "kim", at: after(4))
    #expect(try test.book.seen(limit: 1).first?.what.count == Backlog.wordScalarsMax)
  }

  @Test func `the log is written within a moment, and at the end`() async throws {
    let test = try TestBook()
    func count() throws -> Int? {
      try test.folder.queue().read { try Int.fetchOne($0, sql: "SELECT count(*) FROM seen") }
    }
    test.book.noteSeen("review", of: "application-1", by: "kim", at: after(1))
    for _ in 0..<100 where try count() != 1 { try await Task.sleep(for: .milliseconds(100)) }
    #expect(try count() == 1)
    do {
      let other = try AccessBook(folder: test.folder.path, profile: .quick)
      other.noteSeen("review", of: "application-2", by: "lee", at: after(2))
    }
    #expect(try count() == 2)
  }

  @Test func `while the disk refuses, the log waits, and says how many it lost`() throws {
    let test = try TestBook()
    let queue = try test.folder.queue()
    try queue.write {
      try $0.execute(
        sql: """
          CREATE TRIGGER refuse BEFORE INSERT ON seen BEGIN SELECT RAISE(ABORT, 'full'); END
          """)
    }
    for number in 0..<(Backlog.entriesMax + 7) {
      test.book.noteSeen("review", of: "\(number)", by: "kim", at: after(1))
    }
    test.book.flush()
    #expect(try test.book.seen(limit: 1) == [])
    try queue.write { try $0.execute(sql: "DROP TRIGGER refuse") }
    let entries = try test.book.seen(limit: Backlog.entriesMax + 10)
    #expect(entries.count == Backlog.entriesMax + 1)
    #expect(entries.first?.account == "-" && entries.first?.subject == "7")
    #expect(entries.dropFirst().first?.subject == "\(Backlog.entriesMax - 1)")
    #expect(entries.last?.subject == "0")
  }
}
