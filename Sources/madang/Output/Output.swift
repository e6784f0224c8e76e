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
    if !json { Output.tell(say(ko: ko, en: en) + "\n") }
  }

  /// To standard error. Where that is full or nobody reads it, nobody can be told.
  static func tell(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  private var prose: Prose { Prose(language) }

  /// An instant in the programme's own days, or in UTC outside them.
  func time(_ instant: Instant, _ programme: Programme) -> String { prose.time(instant, programme) }
}

/// What every command takes.
struct CommonOptions: ParsableArguments {
  @Option(
    name: .long, help: .said(ko: "데이터 폴더.", en: "The data folder.", valueName: "dir"),
    completion: .directory)
  var data: String?

  @Option(
    name: .long,
    help: .said(
      ko: "폴더 대신 이 서버에 API로 묻습니다. 없으면 $MADANG_SERVER. "
        + "토큰은 $MADANG_TOKEN이나 `madang login`이 쓴 파일에 있습니다.",
      en: "Ask this server over the API instead of a folder; else $MADANG_SERVER. The token is in "
        + "$MADANG_TOKEN or in a file that `madang login` writes.", valueName: "https://host:port"))
  var server: String?

  @Flag(name: .long, help: .said(ko: "JSON으로 답합니다.", en: "Answer in JSON."))
  var json = false

  @Option(
    name: .long, help: .said(ko: "한국어(ko)나 영어(en)로 답합니다.", en: "Answer in Korean or English."))
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
    help: .said(
      ko: "명령하는 사람: 사람을 부르는 이름. 없으면 officer. 서버에서는 토큰의 주인입니다.",
      en: "Who gives the command: a name of yours for a person, else officer. Of a server, the "
        + "token says who.", valueName: "name"))
  var person: String?

  @Option(
    name: .long,
    help: .said(
      ko: "멱등 키: 같은 명령을 같은 키로 보내면 한 번만 실행됩니다.",
      en: "A key of yours: the same command with the same key is carried out once.",
      valueName: "key"))
  var key: String?

  @Option(
    name: .long,
    help: .said(
      ko: "연습에서 접수한 때: 날짜 또는 2026-03-05T10:00.",
      en: "When it was received, in an exercise: a day or 2026-03-05T10:00.", valueName: "time"))
  var at: String?

  /// Who gives it on a folder.
  var giver: String { person ?? "officer" }

  /// A server knows who asks, and what time it is.
  func forServer(_ output: Output) throws {
    if person != nil {
      throw Failure.usage(
        output, ko: "--as는 폴더에서만 씁니다. 서버에서는 토큰의 주인이 하는 일입니다.",
        en: "--as is for a folder: of a server, it is whoever the token is for.")
    }
    if at != nil {
      throw Failure.usage(
        output, ko: "--at은 폴더에서만 씁니다. 서버에는 서버의 시계가 있습니다.",
        en: "--at is for a folder: a server has its own clock.")
    }
  }
}
