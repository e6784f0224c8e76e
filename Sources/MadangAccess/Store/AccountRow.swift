import Foundation
import GRDB
import MadangProgramme
import MadangViews

/// An account as it stands in its row, with its grants.
struct AccountRow {
  let id: Int64
  let name: String
  let person: PersonID
  /// The line of its `PasswordRecord`.
  let password: String
  let isDisabled: Bool
  let grants: [Grant]

  var caller: Caller { Caller(account: name, person: person, grants: grants) }

  static func named(_ name: String, _ db: Database) throws -> AccountRow? {
    try rows(db, "WHERE name = ?", [name]).first
  }

  static func numbered(_ id: Int64, _ db: Database) throws -> AccountRow? {
    try rows(db, "WHERE id = ?", [id]).first
  }

  static func all(_ db: Database) throws -> [AccountRow] { try rows(db, "ORDER BY name", []) }

  /// The account of this name, to be changed.
  static func changing(_ name: String, _ db: Database) throws -> AccountRow {
    guard let row = try named(name, db) else { throw AccessRefusal.unknownAccount(name) }
    if row.isDisabled { throw AccessRefusal.disabled(name) }
    return row
  }

  private static func rows(
    _ db: Database, _ condition: String, _ arguments: StatementArguments
  ) throws -> [AccountRow] {
    let statement = try db.cachedStatement(
      sql: "SELECT id, name, person, password, disabled FROM account \(condition)")
    return try Row.fetchAll(statement, arguments: arguments).map { row in
      let id: Int64 = row[0]
      guard let person = PersonID(row[2]) else {
        throw AccessRefusal.unavailable(reason: "an account without a person")
      }
      return AccountRow(
        id: id, name: row[1], person: person, password: row[3], isDisabled: row[4],
        grants: try grants(of: id, db))
    }
  }

  private static func grants(of id: Int64, _ db: Database) throws -> [Grant] {
    let statement = try db.cachedStatement(
      sql: "SELECT role, scope FROM grant WHERE account = ?")
    return try Row.fetchAll(statement, arguments: [id]).map { row in
      let scope: Int32 = row[1]
      guard let role = Role(rawValue: row[0]),
        let grant = Grant(role, scope: scope == 0 ? nil : scope)
      else { throw AccessRefusal.unavailable(reason: "a grant that is none") }
      return grant
    }.sorted { ($0.role, $0.scope ?? 0) < ($1.role, $1.scope ?? 0) }
  }

  static func setGrants(_ grants: [Grant], of id: Int64, _ db: Database) throws {
    try db.execute(sql: "DELETE FROM grant WHERE account = ?", arguments: [id])
    for grant in grants {
      try db.execute(
        sql: "INSERT OR IGNORE INTO grant (account, role, scope) VALUES (?, ?, ?)",
        arguments: [id, grant.role.rawValue, grant.scope ?? 0])
    }
  }
}

extension Digest {
  /// As a BLOB.
  var data: Data { Data(bytes) }
}
