import ArgumentParser
import Foundation
import MadangViews

/// The command line: parsing and printing only. Exit codes: 0 ok, 1 refused, 2 usage,
/// 3 unreachable.
@main
struct Madang: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "madang",
    abstract: "Runs a nation's GPU programme, from delivery to the public ledger.",
    discussion: """
      Start with `madang demo`: it loads Korea's programme with its published figures and replays \
      the first round. Everything is kept in one data folder (--data, else \
      $MADANG_DATA, else $XDG_DATA_HOME/madang).

      With --server (else $MADANG_SERVER) a command is carried out by a server over its API \
      instead, with the same words and answers: docs/api.md. Sign in there with `madang login`.

      Every command answers --json, and --lang ko or en (else from LANG).
      """,
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
      var command = try parseAsRoot()
      try command.run()
    } catch {
      finish(error)
    }
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
    let text = fullMessage(for: error)
    if code == .success {
      print(text)
      Foundation.exit(0)
    }
    // The parser's own words name the option or argument; they are English, so the sentence and
    // the hint around them are in the caller's language.
    let output = CommonOptions.outputOfArguments
    let words = message(for: error)
    Failure.usage(
      output, ko: "명령을 쓰는 법이 맞지 않습니다: \(words)",
      en: "That is not how the command is used: \(words)"
    ).print()
    Foundation.exit(code == .validationFailure ? 2 : 1)
  }
}

struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Print the version.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.output.print(
      text: "madang \(Madang.version)", json: .object([("version", .text(Madang.version))]))
  }
}
