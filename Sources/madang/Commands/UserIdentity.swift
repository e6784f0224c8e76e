import ArgumentParser
import MadangAccess
import MadangProgramme
import MadangViews

/// One identity, as words of the command line.
struct IdentityOptions: ParsableArguments {
  @Option(
    name: .long,
    help: .said(ko: "인증 제공자의 issuer, 글자 그대로.", en: "The provider's issuer, to the letter."))
  var issuer: String
  @Option(
    name: .long,
    help: .said(
      ko: "제공자가 가리키는 사람(subject), 거절 문구에 적힌 대로.",
      en: "Whom the provider means, as its refusal here says."))
  var subject: String
}

struct UserLink: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link",
    abstract: .said(
      ko: "인증 제공자를 통해 사용자로 로그인하게 합니다.",
      en: "Let somebody sign in as a user by an identity provider."),
    discussion: .said(
      ko: """
        아직 연결되지 않은 사람에게는 사무국에 알릴 issuer와 subject를 로그인 화면에서 알려 줍니다.
        """,
      en: """
        Whoever is not linked yet is told issuer and subject at the door, to give to the \
        office.
        """,
      examples: """
        madang user link kim --issuer https://id.example --subject 248289761001
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var identity: IdentityOptions
  @Argument(help: .said(ko: "사용자.", en: "The user.")) var name: String

  func run() throws {
    let output = common.output
    let book = try Office.users(common)
    try output.refusing { () throws(AccessRefusal) in
      try book.link(
        issuer: identity.issuer, subject: identity.subject, to: name, at: Office.clock)
    }
    try UserIdentities.print(name, book, common)
  }
}

struct UserUnlink: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlink",
    abstract: .said(
      ko: "그 신원으로 더 로그인하지 못하게 합니다. 사용자의 세션은 끝납니다.",
      en: "Let an identity sign in no more; the sessions of its user end."),
    discussion: .said(
      examples: """
        madang user unlink --issuer https://id.example --subject 248289761001
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var identity: IdentityOptions

  func run() throws {
    let output = common.output
    let book = try Office.users(common)
    try output.refusing { () throws(AccessRefusal) in
      try book.unlink(issuer: identity.issuer, subject: identity.subject)
    }
    output.print(
      text: output.say(ko: "연결을 끊었습니다.", en: "Unlinked."),
      json: .object([("unlinked", .text(identity.subject))]))
  }
}

struct UserIdentities: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identities",
    abstract: .said(ko: "사용자가 로그인할 수 있는 신원.", en: "By which identities a user may sign in."),
    discussion: .said(
      examples: """
        madang user identities kim
        """))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "사용자.", en: "The user.")) var name: String

  func run() throws { try UserIdentities.print(name, try Office.users(common), common) }

  static func print(_ name: String, _ book: AccessBook, _ common: CommonOptions) throws {
    let output = common.output
    let programme = try Office.read(common)
    let known = try output.refusing { () throws(AccessRefusal) in
      try book.identities(of: name)
    }
    var table = Table([
      (output.say(ko: "발급자", en: "issuer"), .left), (output.say(ko: "식별자", en: "subject"), .left),
      (output.say(ko: "연결", en: "linked"), .left),
    ])
    for identity in known {
      table.add(identity.issuer, identity.subject, output.time(identity.linked, programme))
    }
    output.print(
      text: table.text,
      json: .array(
        known.map { identity in
          .object([
            ("issuer", .text(identity.issuer)), ("subject", .text(identity.subject)),
            ("linked", .int(identity.linked.seconds)),
          ])
        }))
  }
}

struct UserInvite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invite",
    abstract: .said(
      ko: "신원을 사용자에 한 번 연결하는 초대장을 만듭니다. 한 번만 보여 줍니다.",
      en: "Make an invitation that links an identity to a user, once. It is shown once."),
    discussion: .said(
      ko: """
        인증 제공자로 로그인한 사람이 로그인 화면에서 입력하면 그때부터 이 사용자입니다(서버를 --openid-invitations로 실행한 경우). 새 \
        초대장은 앞의 것을 끝냅니다.
        """,
      en: """
        Whoever types it at the door, signed in by the identity provider, is this user from \
        then on (where the server runs with --openid-invitations). A new one ends the one \
        before.
        """,
      examples: """
        madang user invite kim --days 7
        """))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "사용자.", en: "The user.")) var name: String
  @Option(
    name: .long,
    help: .said(
      ko: "유효한 날수, 최대 \(AccessBook.invitationDaysMax)일.",
      en: "Days until it ends, at most \(AccessBook.invitationDaysMax)."))
  var days = 7

  func run() throws {
    let output = common.output
    guard (1...AccessBook.invitationDaysMax).contains(days) else {
      throw Failure(
        AccessRefusal.badInvitationExpiry(maximumDays: AccessBook.invitationDaysMax), output)
    }
    let book = try Office.users(common)
    let now = Office.clock
    let invitation = try output.refusing { () throws(AccessRefusal) in
      try book.invite(
        name, expires: Instant(now.seconds + Int64(days) * 86_400), at: now)
    }
    output.print(text: invitation, json: .object([("invitation", .text(invitation))]))
  }
}
