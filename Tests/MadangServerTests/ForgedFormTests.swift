import Foundation
import MadangAccess
import MadangPages
import MadangProgramme
import MadangViews
import Testing

@testable import MadangServer

/// What another site lets a browser send does nothing (cross-site request forgery).
struct ForgedFormTests {
  private typealias Operation = MadangViews.Operation

  /// From the declarations, so that a new one is tried too.
  private static let decisions = Operation.all.filter { $0.method == .post }
  private static let refused = "Madang-Refusal: MDG-1830"
  private static let password = "a sentence nobody guesses"

  /// What a browser says of another site's page, an old one and one of today.
  private static let foreign: [[String]] = [
    ["Origin: https://elsewhere.example"], ["Origin: http://test.elsewhere.example"],
    ["Origin: http://test:8080"], ["Origin: null"], ["Origin: test"], ["Origin: "],
    ["Sec-Fetch-Site: cross-site"], ["Sec-Fetch-Site: same-site"], ["Sec-Fetch-Site: anything"],
    ["Origin: http://test", "Sec-Fetch-Site: cross-site"],
  ]
  /// And of ours; `RawConnection` asks a host called `test`.
  private static let own: [[String]] = [
    ["Origin: http://test", "Sec-Fetch-Site: same-origin"], ["Origin: http://test"],
    ["Origin: https://test"], [],
  ]

  private static func signedIn(
    _ office: CounterOffice, _ name: String, _ role: Role
  ) async throws -> Session {
    _ = try office.token(name, role)
    return try await office.counter.access.signIn(
      name, password: password, from: "127.0.0.1", at: office.counter.machine)
  }

  private static func send(
    _ port: Int, _ path: String, _ fields: [(String, String)], _ headers: [String]
  ) async throws -> String {
    let body = Array(
      fields.map { "\(PercentText.encoded($0.0))=\(PercentText.encoded($0.1))" }
        .joined(separator: "&").utf8)
    return try await RawConnection.ask(
      port, "POST", path,
      ["Content-Type: application/x-www-form-urlencoded", "Content-Length: \(body.count)"]
        + headers, body: body)
  }

  /// A name where there is one to give: what is asked of it does not matter here.
  private static func fields(_ operation: Operation) -> [(String, String)] {
    operation.parameters.map { ($0.name, "\($0.name)-1") }
  }

  @Test func `every form that another site sends is refused, whatever secret it has`() async throws
  {
    let office = try CounterOffice()
    let session = try await ForgedFormTests.signedIn(office, "officer", .officer)
    let server = try await office.running()
    let cookie = "Cookie: madang=\(session.secret)"
    let events = office.counter.programme.eventCount
    #expect(ForgedFormTests.decisions.count > 30)
    for operation in ForgedFormTests.decisions {
      let fields = ForgedFormTests.fields(operation) + [("csrf", session.csrf)]
      for origin in ForgedFormTests.foreign {
        let answer = try await ForgedFormTests.send(
          server.port, "/do/\(operation.id)", fields, [cookie] + origin)
        #expect(
          answer.hasPrefix("HTTP/1.1 403") && answer.contains(ForgedFormTests.refused),
          "\(operation.id) \(origin): \(answer.prefix(300))")
        #expect(!answer.contains("action=\"/do/"), "it is offered to be sent again")
      }
    }
    #expect(office.counter.programme.eventCount == events)
    try await server.stop()
  }

  @Test func `every form without the secret of its session is refused`() async throws {
    let office = try CounterOffice()
    let session = try await ForgedFormTests.signedIn(office, "officer", .officer)
    let another = try await ForgedFormTests.signedIn(office, "approver", .approver)
    let server = try await office.running()
    let cookie = "Cookie: madang=\(session.secret)"
    for operation in ForgedFormTests.decisions {
      for secret in [nil, "", another.csrf, session.csrf + "A", session.secret] {
        let fields = ForgedFormTests.fields(operation) + (secret.map { [("csrf", $0)] } ?? [])
        let answer = try await ForgedFormTests.send(
          server.port, "/do/\(operation.id)", fields, [cookie, "Sec-Fetch-Site: same-origin"])
        #expect(
          answer.hasPrefix("HTTP/1.1 403") && answer.contains(ForgedFormTests.refused),
          "\(operation.id): \(answer.prefix(300))")
      }
    }
    try await server.stop()
  }

  @Test func `every form of ours gets as far as its values`() async throws {
    let office = try CounterOffice()
    let session = try await ForgedFormTests.signedIn(office, "officer", .officer)
    let server = try await office.running()
    for operation in ForgedFormTests.decisions {
      for origin in ForgedFormTests.own {
        let answer = try await ForgedFormTests.send(
          server.port, "/do/\(operation.id)",
          // Nothing that is known, so that nothing is done: it is refused by name.
          operation.parameters.map { ($0.name, "nothing") } + [("csrf", session.csrf)],
          ["Cookie: madang=\(session.secret)"] + origin)
        #expect(
          !answer.contains(ForgedFormTests.refused), "\(operation.id) \(origin): \(answer)")
      }
    }
    try await server.stop()
  }

  @Test func `one and the same form does something from here, and nothing from elsewhere`()
    async throws
  {
    let office = try CounterOffice()
    let session = try await ForgedFormTests.signedIn(office, "officer", .officer)
    let server = try await office.running()
    let fields = [("form", "company"), ("region", "here"), ("csrf", session.csrf)]
    var count = office.counter.programme.organisations.count
    for origin in ForgedFormTests.foreign + ForgedFormTests.own {
      let answer = try await ForgedFormTests.send(
        server.port, "/do/registerOrganisation", fields,
        ["Cookie: madang=\(session.secret)"] + origin)
      let isOurs = ForgedFormTests.own.contains(origin)
      #expect(answer.hasPrefix(isOurs ? "HTTP/1.1 303" : "HTTP/1.1 403"), "\(origin): \(answer)")
      count += isOurs ? 1 : 0
      #expect(office.counter.programme.organisations.count == count, "\(origin)")
    }
    try await server.stop()
  }

  @Test func `the API takes a cookie with the form's secret from here alone, and a token anyhow`()
    async throws
  {
    let office = try CounterOffice()
    let session = try await ForgedFormTests.signedIn(office, "officer", .officer)
    let token = try office.token("machine", .officer)
    let server = try await office.running()
    let cookie = "Cookie: madang=\(session.secret)"
    for operation in ForgedFormTests.decisions where operation.id != "makeToken" {
      let path = MethodTests.path(operation)
      for origin in ForgedFormTests.foreign {
        let form = "X-Madang-Form: \(session.csrf)"
        let forged = try await RawConnection.ask(
          server.port, "POST", path, [cookie, form, "Content-Length: 0"] + origin)
        #expect(forged.contains("MDG-1830"), "\(operation.id) \(origin): \(forged)")
      }
      let bare = try await RawConnection.ask(
        server.port, "POST", path, [cookie, "Content-Length: 0"])
      #expect(bare.contains("MDG-1830"), "\(operation.id): \(bare)")
    }
    var count = office.counter.programme.organisations.count
    for origin in ForgedFormTests.foreign + ForgedFormTests.own {
      // A program says where it is from as it likes: nobody else can make it send its token.
      let answer = try await CounterOffice.command(server.port, token, origin)
      #expect(answer.hasPrefix("HTTP/1.1 200"), "\(origin): \(answer)")
      count += 1
    }
    let ours = try await CounterOffice.command(
      server.port, nil,
      [cookie, "X-Madang-Form: \(session.csrf)", "Sec-Fetch-Site: same-origin"])
    #expect(ours.hasPrefix("HTTP/1.1 200"), "\(ours)")
    #expect(office.counter.programme.organisations.count == count + 1)
    try await server.stop()
  }

  @Test func `nobody is signed in, signed out or asked to sign in by another site`() async throws {
    let office = try CounterOffice()
    let session = try await ForgedFormTests.signedIn(office, "officer", .officer)
    let server = try await office.running()
    for origin in ForgedFormTests.foreign {
      let out = try await ForgedFormTests.send(
        server.port, "/signout", [("csrf", session.csrf)],
        ["Cookie: madang=\(session.secret)"] + origin)
      #expect(out.hasPrefix("HTTP/1.1 403"), "\(origin): \(out.prefix(300))")
      let signIn = try await ForgedFormTests.send(
        server.port, "/signin", [("name", "officer"), ("password", ForgedFormTests.password)],
        origin)
      #expect(signIn.hasPrefix("HTTP/1.1 403") && !signIn.lowercased().contains("set-cookie"))
      // Else somebody would find, after the door, a form that a stranger filled.
      let door = try await ForgedFormTests.send(
        server.port, "/do/registerOrganisation", [("form", "company"), ("region", "planted")],
        origin)
      #expect(door.hasPrefix("HTTP/1.1 403") && !door.contains("planted"), "\(origin): \(door)")
    }
    #expect(
      office.counter.access.session(session.secret, at: office.counter.machine) != nil)
    try await server.stop()
  }
}
