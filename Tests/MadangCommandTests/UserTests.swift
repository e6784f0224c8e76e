import Foundation
import Testing

/// Users as the office makes them on the command line.
struct UserTests {
  /// A file with a password in it.
  private func file(_ desk: OfficeDesk, _ password: String) throws -> String {
    let url = desk.folder.url.appendingPathComponent("password-\(UUID().uuidString)")
    try Data(password.utf8).write(to: url)
    return url.path
  }

  @Test func `a user is added, listed, granted, given a password and disabled`() throws {
    let desk = try OfficeDesk()
    let password = "a sentence nobody guesses"
    let path = try file(desk, password + "\nand a second line\n")
    let added = try desk.done(
      "user", "add", "kim", "--role", "officer", "--role", "operator:embedded", "--password-file",
      path, "--json"
    ).object()
    #expect(added["name"] as? String == "kim" && added["disabled"] as? Bool == false)
    let roles = try #require(added["roles"] as? [String])
    #expect(roles.count == 2 && roles[0] == "officer" && roles[1].hasPrefix("operator:cluster-"))
    // The person is the one of --as: the same name, the same number.
    try desk.done(
      "user", "add", "lee", "--role", "team:organisation-1", "--person", "kim", "--password-file",
      path)
    let users = try desk.done("user", "--json").array()
    #expect(users.compactMap { $0["name"] as? String } == ["kim", "lee"])
    #expect(users[0]["person"] as? String == users[1]["person"] as? String)
    try desk.done("user", "grant", "kim", "--role", "auditor")
    try desk.done(
      "user", "password", "kim", "--password-file", try file(desk, "another good sentence"))
    #expect(try desk.done("user", "sign-out", "kim").out.contains("Signed out kim."))
    let nobody = try desk.run("user", "sign-out", "park", language: "ko_KR.UTF-8")
    #expect(nobody.exitCode == 1 && nobody.error.contains("park"))
    let disabled = try desk.done("user", "disable", "lee")
    #expect(disabled.out.contains("Disabled lee."))
    let table = try desk.run("user", "list", language: "ko_KR.UTF-8").out
    #expect(table.contains("auditor") && table.contains("중지") && table.contains("사용자"))
    #expect(!table.contains(password) && !table.contains("scrypt"))
    #expect(try desk.done("ledger", "verify").exitCode == 0)
  }

  @Test func `a password comes from standard input or a file, and has to be there`() throws {
    let desk = try OfficeDesk()
    // Standard input is empty here.
    let none = try desk.run("user", "add", "kim", "--role", "officer")
    #expect(none.exitCode == 2 && none.error.contains("--password-file"))
    let weak = try desk.run(
      "user", "add", "kim", "--password-file", try file(desk, "secret1\n"), language: "ko_KR.UTF-8")
    #expect(weak.exitCode == 1 && weak.error.contains("MDG-1915") && weak.error.contains("짧거나"))
    #expect(!weak.error.contains("secret1"))
    let words = try desk.run("user", "add", "kim", "a sentence nobody guesses")
    #expect(words.exitCode == 2)
    let absent = try desk.run("user", "add", "kim", "--password-file", "/nonexistent/file")
    #expect(absent.exitCode == 1)
    #expect(try desk.done("user", "--json").array().isEmpty)
  }

  @Test func `roles are those there are, and of what there is`() throws {
    let desk = try OfficeDesk()
    let path = try file(desk, "a sentence nobody guesses")
    for role in ["king", "team", "operator", "officer:cluster-1", "team:", "", ":"] {
      let run = try desk.run("user", "add", "kim", "--role", role, "--password-file", path)
      #expect(run.exitCode != 0 && run.error.hasPrefix("MDG-"), "\(role): \(run.error)")
    }
    for role in ["team:organisation-999999", "operator:nowhere"] {
      let run = try desk.run("user", "add", "kim", "--role", role, "--password-file", path)
      #expect(run.exitCode == 1 && run.error.contains("MDG-1003"), "\(role): \(run.error)")
    }
    let unknown = try desk.run("user", "grant", "nobody", "--role", "officer")
    #expect(unknown.exitCode == 1 && unknown.error.contains("MDG-1913"))
  }

  @Test func `a token is made once, listed without its secret, and revoked`() throws {
    let desk = try OfficeDesk()
    let path = try file(desk, "a sentence nobody guesses")
    try desk.done("user", "add", "kim", "--role", "officer", "--password-file", path)
    let made = try desk.done(
      "user", "token", "make", "kim", "--label", "metrics", "--role", "officer", "--days", "30",
      "--json")
    let token = try #require(try made.object()["token"] as? String)
    #expect(token.hasPrefix("madang_"))
    let listed = try desk.done("user", "token", "list", "kim", "--json")
    #expect(!listed.out.contains(token))
    let entry = try #require(try listed.array().first)
    #expect(entry["id"] as? Int == 1 && entry["roles"] as? [String] == ["officer"])
    let created = try #require(entry["created"] as? Int)
    #expect(entry["expires"] as? Int == created + 30 * 86_400)
    let other = try desk.run(
      "user", "token", "make", "kim", "--label", "x", "--role", "auditor")
    #expect(other.error.contains("MDG-1921"))
    #expect(
      try desk.run("user", "token", "make", "kim", "--label", "x", "--days", "9999").error
        .contains("MDG-1923"))
    #expect(try desk.done("user", "token", "list", "kim").out.contains("metrics"))
    try desk.done("user", "token", "revoke", "kim", "1")
    #expect(try desk.run("user", "token", "revoke", "kim", "1").error.contains("MDG-1925"))
    #expect(try desk.done("user", "token", "list", "kim", "--json").array().isEmpty)
  }
}
