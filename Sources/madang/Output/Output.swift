import ArgumentParser
import Foundation
import MadangProgramme
import MadangViews

/// The languages as the command line names them.
enum LanguageOption: String, ExpressibleByArgument, CaseIterable {
  case ko, en

  var language: Language {
    switch self {
    case .ko: .ko
    case .en: .en
    }
  }
}

/// How a command answers: in which language, for people or machines.
struct Output {
  let language: Language
  let json: Bool

  func say(ko: String, en: String) -> String { language == .ko ? ko : en }

  func print(text: @autoclosure () -> String, json value: @autoclosure () -> JSON) {
    Swift.print(json ? value().pretty : text())
  }

  /// Progress and remarks, for people only.
  func remark(ko: String, en: String) {
    if !json { FileHandle.standardError.write(Data((say(ko: ko, en: en) + "\n").utf8)) }
  }

  /// An instant in the programme's own days, or in UTC outside them.
  func time(_ instant: Instant, _ programme: Programme) -> String {
    guard let days = programme.charter?.days, let day = days.day(of: instant),
      let start = days.start(of: day)
    else { return "\(instant.seconds) s" }
    let minutes = (instant.seconds - start.seconds) / 60
    let clock = String(format: "%02d:%02d", Int(minutes / 60), Int(minutes % 60))
    return "\(day) \(clock)"
  }
}

/// What every command takes.
struct CommonOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("The data folder.", valueName: "dir"), completion: .directory)
  var data: String?

  @Flag(name: .long, help: "Answer in JSON.")
  var json = false

  @Option(name: .long, help: "Answer in Korean or English.")
  var lang: LanguageOption?

  var output: Output {
    Output(language: lang?.language ?? CommonOptions.languageOfEnvironment, json: json)
  }

  var folder: URL { CommonOptions.folder(data) }

  static func folder(_ data: String?) -> URL {
    let environment = ProcessInfo.processInfo.environment
    if let path = data ?? environment["MADANG_DATA"], !path.isEmpty {
      return URL(fileURLWithPath: path, isDirectory: true)
    }
    if let base = environment["XDG_DATA_HOME"], base.hasPrefix("/") {
      return URL(fileURLWithPath: base, isDirectory: true).appendingPathComponent("madang")
    }
    return FileManager.default.homeDirectoryForCurrentUser
      .appendingPathComponent(".local/share/madang", isDirectory: true)
  }

  /// How to answer where the arguments could not be parsed.
  static var outputOfArguments: Output {
    let words = CommandLine.arguments
    var language = languageOfEnvironment
    for (index, word) in words.enumerated() {
      let given = word == "--lang" ? words.dropFirst(index + 1).first : nil
      let inline = word.hasPrefix("--lang=") ? String(word.dropFirst(7)) : nil
      if let chosen = (given ?? inline).flatMap({ LanguageOption(rawValue: $0) }) {
        language = chosen.language
      }
    }
    return Output(language: language, json: words.contains("--json"))
  }

  /// As POSIX orders them: LC_ALL, LC_MESSAGES, LANG.
  private static var languageOfEnvironment: Language {
    let environment = ProcessInfo.processInfo.environment
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
      if let value = environment[name], !value.isEmpty {
        return value.hasPrefix("ko") ? .ko : .en
      }
    }
    return .en
  }
}

/// What every command takes that changes something.
struct WriteOptions: ParsableArguments {
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp("Who gives the command: a name of yours for a person.", valueName: "name"))
  var person = "officer"

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A key of yours: the same command with the same key is carried out once.", valueName: "key"))
  var key: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "When it was received, in an exercise: a day or 2026-03-05T10:00.", valueName: "time"))
  var at: String?
}
