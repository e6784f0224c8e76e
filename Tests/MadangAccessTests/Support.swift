import Foundation
import GRDB
import MadangProgramme
import MadangViews

@testable import MadangAccess

/// A data folder that is gone after the test.
final class TestFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "madang-access-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The file as somebody else opens it.
  func queue() throws -> DatabaseQueue { try DatabaseQueue(path: path + "/access.sqlite") }
}

extension PasswordProfile {
  /// As weak as can be, for tests that sign in often.
  static let quick = PasswordProfile(algorithm: .scrypt(log2N: 4, r: 8, p: 1))
  static let otherQuick = PasswordProfile(algorithm: .pbkdf2(iterations: 10))
}

/// An access book with kim, an officer, and lee of two organisations.
struct TestBook {
  static let password = "a long sentence of kim's"
  /// The instant of every test's beginning.
  static let start = Instant(1_770_000_000)
  let folder: TestFolder
  let book: AccessBook

  init(_ profile: PasswordProfile = .quick) throws {
    folder = try TestFolder()
    book = try AccessBook(folder: folder.path, profile: profile)
    try book.addAccount(
      "kim", password: TestBook.password, person: person(1), grants: grants(.officer, .auditor),
      at: TestBook.start)
    try book.addAccount(
      "lee", password: "another long sentence", person: person(2),
      grants: [Grant(.team, scope: 7), Grant(.team, scope: 3), Grant(.reviewer)].compactMap(\.self),
      at: TestBook.start)
  }

  func signIn(
    _ name: String = "kim", _ password: String = TestBook.password,
    from address: String = "192.0.2.1", _ seconds: Int64 = 0
  ) async throws -> Session {
    try await book.signIn(name, password: password, from: address, at: after(seconds))
  }

  /// What a sign-in is refused with, or nothing.
  func refusal(
    _ name: String = "kim", _ password: String = "wrong", from address: String = "192.0.2.1",
    _ seconds: Int64 = 0
  ) async -> AccessRefusal? {
    do {
      _ = try await book.signIn(name, password: password, from: address, at: after(seconds))
      return nil
    } catch {
      return error
    }
  }
}

func person(_ number: Int64) -> PersonID { PersonID(number)! }
func grants(_ roles: Role...) -> [Grant] { roles.compactMap { Grant($0) } }
func after(_ seconds: Int64) -> Instant { Instant(TestBook.start.seconds + seconds) }

/// What some work is refused with, or nothing.
func refused(_ work: () throws(AccessRefusal) -> Void) -> AccessRefusal? {
  do {
    try work()
    return nil
  } catch {
    return error
  }
}
