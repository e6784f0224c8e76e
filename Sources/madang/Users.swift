import ArgumentParser
import Foundation
import MadangAccess
import MadangJournal
import MadangProgramme
import MadangViews

/// The roles of a user, as words.
struct RoleOptions: ParsableArguments {
  @Option(
    name: .long,
    help: .said(
      ko: "officer(담당자), approver(승인자), reviewer(평가위원), auditor(감사), operator:CLUSTER(운영), "
        + "team:ORGANISATION(팀). 여럿이면 여러 번.",
      en:
        "officer, approver, reviewer, auditor, operator:CLUSTER or team:ORGANISATION; more "
        + "than once for several.", valueName: "role"))
  var role: [String] = []

  func grants(_ programme: Programme, _ output: Output) throws -> [Grant] {
    try role.map { word in
      let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let scope = parts.count == 2 ? String(parts[1]) : nil
      guard let role = Role(rawValue: String(parts[0])),
        let grant = try grant(role, scope, programme, output)
      else {
        let words = Role.allCases.map { role in
          switch role {
          case .operator: "operator:CLUSTER"
          case .team: "team:ORGANISATION"
          default: role.rawValue
          }
        }
        throw Failure.choice(word, words, output)
      }
      return grant
    }
  }

  private func grant(
    _ role: Role, _ scope: String?, _ programme: Programme, _ output: Output
  ) throws -> Grant? {
    guard let scope else { return Grant(role) }
    switch role {
    case .operator: return Grant(role, scope: try programme.cluster(scope, output).number)
    case .team:
      return Grant(
        role, scope: try programme.known(scope, programme.organisations, output).number)
    case .officer, .approver, .reviewer, .auditor: return nil
    }
  }
}

/// Where a password comes from: never the command line, which others on the machine can see.
struct PasswordOptions: ParsableArguments {
  @Option(
    name: .long,
    help: .said(
      ko: "첫 줄이 비밀번호인 파일. 없으면 표준 입력.",
      en: "A file whose first line is the password; else standard input."),
    completion: .file())
  var passwordFile: String?

  /// `again`: typed, it is typed twice, so that a new one has no slip in it.
  func read(_ output: Output, again: Bool = true) throws -> String {
    let line: String?
    if let passwordFile {
      guard let data = FileManager.default.contents(atPath: passwordFile) else {
        throw Failure.unknown(passwordFile, output)
      }
      line = String(data: data, encoding: .utf8)?.split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline
      ).first.map(String.init)
    } else if isatty(STDIN_FILENO) == 1 {
      line = try typed(output, again)
    } else {
      line = readLine()
    }
    guard let line, !line.isEmpty else {
      throw Failure.usage(
        output, ko: "비밀번호가 비어 있습니다. 표준 입력이나 --password-file로 주십시오.",
        en: "There is no password; give it on standard input or by --password-file.")
    }
    return line
  }

  /// Typed unseen.
  private func typed(_ output: Output, _ again: Bool) throws -> String? {
    var settings = termios()
    tcgetattr(STDIN_FILENO, &settings)
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) }
    output.remark(ko: "비밀번호:", en: "Password:")
    let first = readLine()
    guard again else { return first }
    output.remark(ko: "다시 한 번:", en: "Again:")
    guard readLine() == first else {
      throw Failure.usage(
        output, ko: "두 비밀번호가 서로 다릅니다.", en: "The two passwords are not the same.")
    }
    return first
  }
}

extension Office {
  static var clock: Instant { Instant(Int64(Date().timeIntervalSince1970)) }

  /// Who may sign in, beside the ledger. Passwords are hashed by the programme's own profile, where
  /// it is given.
  static func users(_ common: CommonOptions, _ programme: Programme? = nil) throws -> AccessBook {
    try needFolder(common)
    let algorithm = programme?.charter?.signature.value ?? ""
    let profile = CryptographyProfile.signing(with: algorithm)?.profile ?? "default"
    return try common.output.refusing { () throws(AccessFailure) in
      try AccessBook(folder: common.folder.path, profile: .of(cryptography: profile))
    }
  }

  /// The person of this name; a new one where there is none, beside a server that has the folder.
  static func known(_ name: String, _ common: CommonOptions) throws -> PersonID {
    let label = name.precomposedStringWithCanonicalMapping
    let ledger = try ledger(common)
    let known = try common.output.refusing { () throws(JournalError) in
      try ledger.person(labelled: label)
    }
    if let known { return known }
    try Office.check(person: label, common.output)
    let operations = try operations(common)
    return try common.output.refusing { () throws(JournalError) in
      let person = try operations.person(labelled: label)
      try operations.close()
      return person
    }
  }
}
