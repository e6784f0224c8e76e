import ArgumentParser
import MadangAccess
import MadangProgramme
import MadangViews

/// One identity, as words of the command line.
struct IdentityOptions: ParsableArguments {
  @Option(name: .long, help: "The provider's issuer, to the letter.") var issuer: String
  @Option(name: .long, help: "Whom the provider means, as its refusal here says.")
  var subject: String
}

struct UserLink: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link", abstract: "Let somebody sign in as a user by an identity provider.",
    discussion: """
      Whoever is not linked yet is told issuer and subject at the door, to give to the office.

      Example:
        madang user link kim --issuer https://id.example --subject 248289761001
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var identity: IdentityOptions
  @Argument(help: "The user.") var name: String

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
    abstract: "Let an identity sign in no more; the sessions of its user end.",
    discussion: """
      Example:
        madang user unlink --issuer https://id.example --subject 248289761001
      """)
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
    commandName: "identities", abstract: "By which identities a user may sign in.",
    discussion: """
      Example:
        madang user identities kim
      """)
  @OptionGroup var common: CommonOptions
  @Argument(help: "The user.") var name: String

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
    abstract: "Make an invitation that links an identity to a user, once. It is shown once.",
    discussion: """
      Whoever types it at the door, signed in by the identity provider, is this user from then on \
      (where the server runs with --openid-invitations). A new one ends the one before.

      Example:
        madang user invite kim --days 7
      """)
  @OptionGroup var common: CommonOptions
  @Argument(help: "The user.") var name: String
  @Option(name: .long, help: "Days until it ends, at most \(AccessBook.invitationDaysMax).")
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
