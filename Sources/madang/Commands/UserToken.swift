import ArgumentParser
import Foundation
import MadangAccess
import MadangProgramme
import MadangViews

struct UserTokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: .said(ko: "프로그램이 사용자를 대신하는 토큰.", en: "Tokens with which programs act for a user."),
    discussion: .said(
      examples: """
        madang user token make kim --label metrics --role auditor --days 30
        madang user token list kim
        madang user token revoke kim 1
        """),
    subcommands: [UserTokenMake.self, UserTokenList.self, UserTokenRevoke.self])
}

struct UserTokenMake: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract: .said(
      ko: "토큰을 만듭니다. 해시만 보관하므로 한 번만 보여 줍니다.",
      en: "Make a token. It is shown once: only its hash is kept."),
    discussion: .said(
      examples: """
        madang user token make kim --label metrics --role auditor --days 30
        """))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "토큰이 대신하는 사용자.", en: "The user that it acts for.")) var name: String
  @Option(name: .long, help: .said(ko: "쓰임새.", en: "What it is for.")) var label: String
  @Option(
    name: .long,
    help: .said(
      ko: "사용자의 역할 가운데 이것만, 예: auditor. 여럿이면 여러 번. 없으면 모두.",
      en: "Only this role of the user's, such as auditor; more than once for several. Else all."))
  var role: [String] = []
  @Option(
    name: .long,
    help: .said(
      ko: "유효한 날수, 최대 \(AccessBook.tokenDaysMax)일.",
      en: "Days until it ends, at most \(AccessBook.tokenDaysMax)."))
  var days = 90

  func run() throws {
    let output = common.output
    let roles = try role.map { word in
      guard let role = Role(rawValue: word) else {
        throw Failure.choice(word, Role.allCases.map(\.rawValue), output)
      }
      return role
    }
    guard (1...AccessBook.tokenDaysMax).contains(days) else {
      throw Failure(AccessRefusal.badExpiry(maximumDays: AccessBook.tokenDaysMax), output)
    }
    let book = try Office.users(common)
    let now = Office.clock
    let token = try output.refusing { () throws(AccessRefusal) in
      try book.issueToken(
        label, for: name, roles: roles.isEmpty ? nil : roles,
        expires: Instant(now.seconds + Int64(days) * 86_400), at: now)
    }
    output.print(text: token, json: .object([("token", .text(token))]))
  }
}

struct UserTokenList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: .said(ko: "사용자의 토큰, 비밀값 없이.", en: "A user's tokens, without their secrets."),
    discussion: .said(
      examples: """
        madang user token list kim
        """))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "사용자.", en: "The user.")) var name: String

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let book = try Office.users(common)
    let tokens = try output.refusing { () throws(AccessRefusal) in try book.tokens(of: name) }
    var table = Table([
      ("", .right), (output.say(ko: "이름", en: "label"), .left),
      (output.say(ko: "역할", en: "roles"), .left), (output.say(ko: "만료", en: "ends"), .left),
      (output.say(ko: "마지막 사용", en: "used"), .left),
    ])
    for token in tokens {
      table.add(
        "\(token.id)", token.label,
        token.roles?.map(\.rawValue).joined(separator: " ") ?? output.say(ko: "전부", en: "all"),
        output.time(token.expires, programme),
        token.used.map { output.time($0, programme) } ?? "–")
    }
    output.print(
      text: table.text,
      json: .array(
        tokens.map { token in
          .object([
            ("id", .int(token.id)), ("label", .text(token.label)),
            ("roles", token.roles.map { .array($0.map { .text($0.rawValue) }) } ?? .null),
            ("created", .int(token.created.seconds)), ("expires", .int(token.expires.seconds)),
            ("used", .optional(token.used?.seconds)),
          ])
        }))
  }
}

struct UserTokenRevoke: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: .said(ko: "토큰을 끝냅니다.", en: "End a token."),
    discussion: .said(
      examples: """
        madang user token revoke kim 1
        """))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "사용자.", en: "The user.")) var name: String
  @Argument(help: .said(ko: "목록에 있는 토큰 번호.", en: "The token's number, as listed.")) var number:
    Int64

  func run() throws {
    let output = common.output
    let book = try Office.users(common)
    try output.refusing { () throws(AccessRefusal) in try book.revokeToken(number, of: name) }
    output.print(
      text: output.say(ko: "\(number)번 토큰을 폐기했습니다.", en: "Revoked token \(number)."),
      json: .object([("revoked", .int(number))]))
  }
}
