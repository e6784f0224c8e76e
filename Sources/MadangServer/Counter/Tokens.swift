import MadangAccess
import MadangPages
import MadangProgramme
import MadangViews

/// The tokens of one account, which its owner sees and ends.
extension Counter {
  func tokens(of caller: Caller) throws -> Answer {
    let rows = try entries(of: caller)
    let programme = programme
    return Answer(
      .array(
        rows.map { row in
          .object([
            ("id", .int(row.id)), ("label", .text(row.label)),
            ("roles", row.roles.map { .array($0.map { .text($0.rawValue) }) } ?? .null),
            ("created", .int(row.created.seconds)), ("expires", .int(row.expires.seconds)),
            ("used", .optional(row.used?.seconds)),
          ])
        }),
      text: { prose in
        var table = Table([
          ("", .right), (prose.say(ko: "이름", en: "label"), .left),
          (prose.say(ko: "만료", en: "ends"), .left), (prose.say(ko: "마지막 사용", en: "used"), .left),
        ])
        for row in rows {
          table.add(
            "\(row.id)", row.label, prose.time(row.expires, programme),
            row.used.map { prose.time($0, programme) } ?? "–")
        }
        return table.text
      })
  }

  func tokenFacts(of caller: Caller) throws -> [DoorPages.Token] {
    try entries(of: caller).map { row in
      DoorPages.Token(
        number: row.id, label: row.label, roles: row.roles, expires: row.expires, used: row.used)
    }
  }

  /// Those that hold still.
  private func entries(of caller: Caller) throws -> [TokenEntry] {
    guard let account = caller.account else { throw HTTPRefusal.signInFirst }
    return try access.tokens(of: account).filter { $0.expires > machine }
  }

  /// Ends the token that is named, or else the one by which it is asked.
  func revokeToken(_ values: Values, by caller: Caller, bearing token: String?) throws -> Answer {
    guard let account = caller.account else { throw HTTPRefusal.signInFirst }
    let number: Int64
    if let named = values.integer("token") {
      try access.revokeToken(named, of: account)
      number = named
    } else if let token {
      number = try access.revokeToken(token)
    } else {
      throw HTTPRefusal.missing(field: "token")
    }
    return Answer(
      .object([("revoked", .int(number))]),
      text: { $0.say(ko: "\(number)번 토큰을 폐기했습니다.", en: "Revoked token \(number).") })
  }
}
