import ArgumentParser
import Foundation
import MadangAccess
import MadangProgramme
import MadangViews

struct UserCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user",
    abstract: .said(
      ko: "사용자: 로그인할 수 있는 사람과 각자 할 수 있는 일.",
      en: "Users: who may sign in, and what each may do there."),
    discussion: .said(
      ko: """
        대장 안이 아니라 곁에 보관합니다. 비밀번호는 다른 사람이 볼 수 있는 명령줄이 아니라 표준 입력이나 파일에서 읽습니다. 같은 폴더의 서버는 다음 \
        1초부터 변경을 따릅니다.

        역할: officer, approver, reviewer, auditor, operator:CLUSTER, team:ORGANISATION.
        """,
      en: """
        They are kept beside the ledger, never in it. A password is read from standard input \
        or a file, never from the command line, where others could see it. A server on the \
        same folder heeds a change from the next second on.

        Roles: officer, approver, reviewer, auditor, operator:CLUSTER, team:ORGANISATION.
        """,
      examples: """
        madang user
        madang user add kim --role officer
        madang user add lee --role team:organisation-3 --password-file lee.txt
        madang user grant lee --role team:organisation-3 --role reviewer
        madang user password lee < new.txt
        madang user disable lee
        madang user sign-out kim
        madang user link kim --issuer https://id.example --subject 248289761001
        madang user invite kim
        madang user token make kim --label metrics --role auditor --days 30
        madang user token list kim
        madang user token revoke kim 1
        """),
    subcommands: [
      UserList.self, UserAdd.self, UserGrant.self, UserPasswordCommand.self, UserDisable.self,
      UserSignOut.self, UserLink.self, UserUnlink.self, UserIdentities.self, UserInvite.self,
      UserTokenCommand.self,
    ], defaultSubcommand: UserList.self)
}

struct UserList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: .said(ko: "사용자와 역할.", en: "Users with their roles."))
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let book = try Office.users(common)
    let users = try output.refusing { () throws(AccessRefusal) in try book.accounts() }
    var table = Table([
      (output.say(ko: "사용자", en: "user"), .left), (output.say(ko: "역할", en: "roles"), .left),
      (output.say(ko: "사람", en: "person"), .left), (output.say(ko: "상태", en: "state"), .left),
    ])
    for user in users {
      table.add(
        user.name, user.grants.map(UserView.word).joined(separator: " "), "\(user.person)",
        user.disabled
          ? output.say(ko: "중지", en: "disabled") : output.say(ko: "사용", en: "active"))
    }
    output.print(text: table.text, json: .array(users.map(UserView.json)))
  }
}

struct UserAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: .said(ko: "로그인할 사람을 더합니다.", en: "Let somebody sign in."),
    discussion: .said(
      ko: "비밀번호는 표준 입력이나 파일의 첫 줄입니다.",
      en: "The password is the first line of standard input, or of the file.",
      examples: """
        madang user add kim --role officer
        madang user add lee --role team:organisation-3 --person 이순신 --password-file lee.txt
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var roles: RoleOptions
  @OptionGroup var input: PasswordOptions
  @Argument(
    help: .said(ko: "로그인 이름: a-z 0-9 . _ - @ +", en: "The name to sign in with: a-z 0-9 . _ - @ +"))
  var name: String
  @Option(
    name: .long,
    help: .said(
      ko: "누구인지: --as에 쓰는 것처럼 사람을 부르는 이름. 없으면 사용자 이름.",
      en: "Who it is: a name of yours for a person, as in --as. Else the user's name."))
  var person: String?

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let grants = try roles.grants(programme, output)
    let book = try Office.users(common, programme)
    let password = try input.read(output)
    let person = try Office.known(person ?? name, common)
    try output.refusing { () throws(AccessRefusal) in
      try book.addAccount(
        name, password: password, person: person, grants: grants, at: Office.clock)
    }
    try UserView.print(name, book, output, ko: "추가했습니다", en: "Added")
  }
}

struct UserGrant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant",
    abstract: .said(ko: "사용자에게 이 역할만 줍니다.", en: "Give a user these roles and no others."),
    discussion: .said(
      ko: """
        --role이 없으면 역할이 없어지며, 누구나 볼 수 있는 것만 봅니다. 열려 있는 세션과 토큰에도 곧바로 적용됩니다.
        """,
      en: """
        Without --role the user keeps none, and reads what everybody may. It holds at once, \
        in sessions and tokens that are open too.
        """,
      examples: """
        madang user grant lee --role team:organisation-3 --role reviewer
        madang user grant park --role operator:naver-h200-32
        madang user grant choi
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var roles: RoleOptions
  @Argument(help: .said(ko: "사용자.", en: "The user.")) var name: String

  func run() throws {
    let output = common.output
    let grants = try roles.grants(try Office.read(common), output)
    let book = try Office.users(common)
    try output.refusing { () throws(AccessRefusal) in try book.setGrants(grants, of: name) }
    try UserView.print(name, book, output, ko: "역할을 바꿨습니다", en: "Changed the roles of")
  }
}

struct UserPasswordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "password",
    abstract: .said(
      ko: "사용자에게 새 비밀번호를 줍니다. 세션은 끝납니다.", en: "Give a user a new password; its sessions end."),
    discussion: .said(
      ko: "비밀번호는 표준 입력이나 파일의 첫 줄입니다.",
      en: "The password is the first line of standard input, or of the file.",
      examples: """
        madang user password kim
        madang user password kim --password-file new.txt
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: PasswordOptions
  @Argument(help: .said(ko: "사용자.", en: "The user.")) var name: String

  func run() throws {
    let output = common.output
    let book = try Office.users(common, try Office.read(common))
    let password = try input.read(output)
    try output.refusing { () throws(AccessRefusal) in try book.setPassword(password, of: name) }
    try UserView.print(name, book, output, ko: "비밀번호를 바꿨습니다", en: "Changed the password of")
  }
}

struct UserDisable: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disable",
    abstract: .said(
      ko: "사용자가 영구히 로그인하지 못하게 합니다. 세션과 토큰도 끝납니다.",
      en: "Let a user sign in no more, for good; its sessions and tokens end."),
    discussion: .said(
      examples: """
        madang user disable lee
        """))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "사용자.", en: "The user.")) var name: String

  func run() throws {
    let output = common.output
    let book = try Office.users(common)
    try output.refusing { () throws(AccessRefusal) in try book.disable(name) }
    try UserView.print(name, book, output, ko: "중지했습니다", en: "Disabled")
  }
}

struct UserSignOut: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign-out",
    abstract: .said(
      ko: "사용자의 모든 세션을 끝냅니다. 토큰은 그대로입니다.",
      en: "End every session of a user; tokens stay."),
    discussion: .said(
      ko: "브라우저나 쿠키를 잃어버렸을 때. 토큰은 user token revoke로 폐기합니다.",
      en: "For a browser or a cookie that was lost. Tokens are ended by user token revoke.",
      examples: """
        madang user sign-out kim
        """))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "사용자.", en: "The user.")) var name: String

  func run() throws {
    let output = common.output
    let book = try Office.users(common)
    try output.refusing { () throws(AccessRefusal) in try book.endAllSessions(of: name) }
    try UserView.print(name, book, output, ko: "로그아웃했습니다", en: "Signed out")
  }
}

/// How users look, for people and machines.
enum UserView {
  /// As it is given to `--role`.
  static func word(_ grant: Grant) -> String {
    switch (grant.role, grant.scope) {
    case (.team, let scope?): "team:\(OrganisationID(Int(scope)))"
    case (.operator, let scope?): "operator:\(ClusterID(Int(scope)))"
    default: grant.role.rawValue
    }
  }

  static func json(_ user: AccountEntry) -> JSON {
    .object([
      ("name", .text(user.name)), ("roles", .array(user.grants.map { .text(word($0)) })),
      ("person", .text("\(user.person)")), ("disabled", .bool(user.disabled)),
    ])
  }

  /// What was done, and the user as it is now.
  static func print(
    _ name: String, _ book: AccessBook, _ output: Output, ko: String, en: String
  ) throws {
    let users = try output.refusing { () throws(AccessRefusal) in try book.accounts() }
    guard let user = users.first(where: { $0.name == name.lowercased() }) else { return }
    output.print(
      text: output.say(ko: "\(user.name): \(ko).", en: "\(en) \(user.name)."), json: json(user))
  }
}
