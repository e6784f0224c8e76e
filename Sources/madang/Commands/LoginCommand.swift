import ArgumentParser
import Foundation
import MadangProgramme
import MadangTransport
import MadangViews

struct LoginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "login",
    abstract: .said(
      ko: "서버에 로그인하고 다른 명령이 쓸 토큰을 보관합니다.",
      en: "Sign in at a server, and keep a token for it that the other commands use."),
    discussion: .said(
      ko: """
        비밀번호는 입력하거나 표준 입력 또는 파일의 첫 줄로 주며, 보관하지 않습니다. 토큰은 다른 사람이 읽을 수 없는 파일에 보관하고 이 서버에만 \
        보냅니다. 전에 보관하던 토큰은 폐기합니다.
        """,
      en: """
        The password is typed, or the first line of standard input or of a file; it is not \
        kept. The token is kept in a file that nobody else may read, and sent to this server \
        alone. A token that was kept there before is revoked.
        """,
      examples: """
        madang login kim --server https://office.example
        madang login kim --server https://office.example --days 7 < password.txt
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: PasswordOptions
  @Argument(help: .said(ko: "로그인 이름.", en: "The name to sign in with.")) var name: String
  @Option(name: .long, help: .said(ko: "토큰이 유효한 날수.", en: "Days until the token ends.")) var days =
    30

  func run() throws {
    let output = common.output
    guard let address = common.serverAddress else {
      throw Failure.usage(output, ko: "--server를 주십시오.", en: "Give --server.")
    }
    guard let office = OfficeAddress(address) else {
      throw Failure(AgentClientFailure.noOffice(address), output, exitCode: 2)
    }
    let server = try Server(address, output, asStranger: true)
    let password = try input.read(output, again: false)
    let answer = try server.signIn(
      name, password: password, label: "madang login, \(ProcessInfo.processInfo.hostName)",
      days: days)
    guard let token = answer["token"]?.text, let expires = answer["expires"]?.integer else {
      throw Failure(
        AgentClientFailure.unheard(reason: "\(office) gave no token"), output, exitCode: 3)
    }
    let file = TokenFile(office)
    let before = file.kept
    try file.keep(token, output)
    // Nobody has it any more, so nobody may use it.
    if let before { revoke(before, address, output) }
    output.print(
      text: output.say(
        ko: "\(office)에 \(name)(으)로 로그인했습니다. 토큰은 \(file.path)에 있습니다.",
        en: "Signed in at \(office) as \(name). The token is in \(file.path)."),
      json: .object([
        ("server", .text("\(office)")), ("account", .text(name)), ("file", .text(file.path)),
        ("expires", .int(expires)),
      ]))
  }

  /// Where that fails, somebody is signed in all the same.
  private func revoke(_ token: String, _ address: String, _ output: Output) {
    do { try Server(address, output, token: token).revokeToken() } catch {
      let reason = (error as? Failure)?.what ?? "\(error)"
      output.remark(
        ko: "전에 쓰던 토큰을 폐기하지 못했습니다: \(reason) 내 계정 페이지에서 폐기하십시오.",
        en:
          "The token before could not be revoked: \(reason) Revoke it on the page of your account.")
    }
  }
}
