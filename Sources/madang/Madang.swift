import ArgumentParser
import Foundation
import MadangProgramme
import MadangViews

/// The command line: parsing and printing only. Exit codes: 0 ok, 1 refused, 2 usage,
/// 3 unreachable.
@main
struct Madang: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "madang",
    abstract: .said(
      ko: "납품부터 공개대장까지, 한 나라의 GPU 사업을 운영합니다.",
      en: "Runs a nation's GPU programme, from delivery to the public ledger."),
    discussion: .said(
      ko: """
        `madang demo`로 시작하십시오. 발표된 수치로 한국의 사업을 불러와 1차 회차를 재현합니다. 모두 데이터 폴더 하나에 보관합니다(--data, \
        없으면 $MADANG_DATA, 없으면 $XDG_DATA_HOME/madang).

        --server(없으면 $MADANG_SERVER)를 주면 명령을 서버가 API로 실행하며, 말과 답은 같습니다: docs/api.md. 로그인은 \
        `madang login`으로 합니다.

        모든 명령은 --json과 --lang ko 또는 en(없으면 LANG)을 받습니다.
        """,
      en: """
        Start with `madang demo`: it loads Korea's programme with its published figures and \
        replays the first round. Everything is kept in one data folder (--data, else \
        $MADANG_DATA, else $XDG_DATA_HOME/madang).

        With --server (else $MADANG_SERVER) a command is carried out by a server over its \
        API instead, with the same words and answers: docs/api.md. Sign in there with \
        `madang login`.

        Every command answers --json, and --lang ko or en (else from LANG).
        """),
    version: version,
    subcommands: [
      DemoCommand.self, ProgrammeCommand.self, SupplyCommand.self, CallCommand.self,
      ApplicationCommand.self, RoundCommand.self, ContractCommand.self, AwardCommand.self,
      AmendmentCommand.self, AllocationCommand.self, LendingCommand.self, ClusterCommand.self,
      AgentCommand.self, JobCommand.self,
      UsageCommand.self, AccountCommand.self, UserCommand.self, ServeCommand.self,
      LedgerCommand.self, LoginCommand.self,
      ScheduleCommand.self, SimulateCommand.self, VersionCommand.self,
    ])

  static let version = "0.1.0"

  static func main() {
    // A reader that went away (`madang … | head`) is no failure.
    signal(SIGPIPE, SIG_DFL)
    do {
      if let group = groupAskedAbout { throw CleanExit.helpRequest(group) }
      var command = try parseAsRoot()
      try command.run()
    } catch {
      finish(error)
    }
  }

  /// `madang award --help` is about `award` and what stands below it; the parser would tell of the
  /// one that runs where none is named.
  private static var groupAskedAbout: (any ParsableCommand.Type)? {
    var words = CommandLine.arguments.dropFirst()
    var command: any ParsableCommand.Type = Madang.self
    while let word = words.first,
      let part = command.configuration.subcommands.first(where: {
        $0.configuration.commandName == word
      })
    {
      (command, words) = (part, words.dropFirst())
    }
    guard !command.configuration.subcommands.isEmpty else { return nil }
    let asks: Set = ["--help", "-h"]
    let others = words.filter {
      !asks.contains($0) && !["--lang", "ko", "en", "--lang=ko", "--lang=en"].contains($0)
    }
    return others.isEmpty && words.contains(where: asks.contains) ? command : nil
  }

  /// Prints an error as people need it and ends with its exit code.
  private static func finish(_ error: any Error) -> Never {
    if let failure = error as? Failure {
      failure.print()
      Foundation.exit(failure.exitCode)
    }
    // What was wrong has been printed already.
    if let exit = error as? ExitCode { Foundation.exit(exit.rawValue) }
    let code = exitCode(for: error)
    let output = CommonOptions.outputOfArguments
    if code == .success {
      let text = fullMessage(for: error)
      // A script of completions, or the version, is no page of help.
      let isHelp = text.hasPrefix("OVERVIEW: ") || text.hasPrefix("USAGE: ")
      print(
        isHelp && output.language == .ko
          ? ParserWords.korean(help: fullMessage(for: error, columns: 10_000)) : text)
      Foundation.exit(0)
    }
    let words = message(for: error)
    Failure.usage(
      output, ko: "명령을 쓰는 법이 맞지 않습니다: \(ParserWords.korean(fault: words))",
      en: "That is not how the command is used: \(words)"
    ).print()
    Foundation.exit(code == .validationFailure ? 2 : 1)
  }
}

struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: .said(ko: "버전을 출력합니다.", en: "Print the version."))

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.output.print(
      text: "madang \(Madang.version)", json: .object([("version", .text(Madang.version))]))
  }
}
