import Foundation
import MadangViews
import Testing

/// Every command explains itself in both languages.
struct HelpTests {
  /// All that help says, by command and argument.
  private static func texts(_ language: String) throws -> [String: String] {
    let dump = try CommandLineRun("--experimental-dump-help", environment: ["LANG": language])
      .object()
    var texts: [String: String] = [:]
    func walk(_ command: [String: Any], _ above: String) {
      let name = above + " " + (command["commandName"] as? String ?? "?")
      texts[name] = command["abstract"] as? String
      texts[name + ": discussion"] = command["discussion"] as? String
      for argument in command["arguments"] as? [[String: Any]] ?? [] {
        let value = argument["valueName"] as? String ?? "?"
        texts["\(name) <\(value)>"] = argument["abstract"] as? String
      }
      for part in command["subcommands"] as? [[String: Any]] ?? [] { walk(part, name) }
    }
    walk(try #require(dump["command"] as? [String: Any]), "")
    return texts
  }

  @Test func `each text of help is there in Korean and in English`() throws {
    let (korean, english) = (try HelpTests.texts("ko_KR.UTF-8"), try HelpTests.texts("C"))
    #expect(Set(korean.keys) == Set(english.keys))
    #expect(english.count > 400, "\(english.count)")
    let ofTheParser: Set = [
      "Show the version.", "Show help information.", "Show subcommand help information.",
    ]
    for (place, text) in english.sorted(by: { $0.key < $1.key }) {
      #expect(!text.contains(#/[가-힣]/#) || text.contains("이순신"), "\(place): \(text)")
      // What an argument looks like, and examples, need no language.
      if text.wholeMatch(of: #/[a-z]+-[0-9]+/#) != nil || ofTheParser.contains(text) { continue }
      let other = try #require(korean[place])
      #expect(other.contains(#/[가-힣]/#), "\(place): \(other)")
      #expect(other.contains("예:\n") == text.contains("Examples:\n"), "\(place)")
    }
  }

  @Test(arguments: [
    "", "amendment", "amendment draft", "simulate", "user add", "agent", "schedule",
  ])
  func `a page of help is Korean, and no wider than a terminal`(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let run = try CommandLineRun(words + ["--help", "--lang", "ko"])
    #expect(run.exitCode == 0)
    #expect(run.out.hasPrefix("개요: "))
    for word in ["OVERVIEW", "USAGE", "ARGUMENTS", "OPTIONS", "SUBCOMMANDS", "(values", "Show "] {
      #expect(!run.out.contains(word), "\(word): \(run.out)")
    }
    let page = run.out.split(separator: "\n")
    #expect(page.contains { $0.hasPrefix("사용법: madang") } && page.contains("선택지:"))
    for line in page.drop(while: { $0 != "선택지:" }) {
      // A word that is longer than the column is not cut.
      let words = line.split(separator: " ")
      #expect(Table.width(String(line)) <= 80 || words.count == 1, "\(line)")
    }
  }

  @Test(arguments: [
    ("award show", "‘<award>’ 인자가 빠졌습니다"),
    ("award show award-1 --nosuch", "‘--nosuch’ 선택지는 없습니다"),
    ("award show award-1 --jso", "‘--jso’ 선택지는 없습니다. ‘--json’입니까?"),
    ("award show award-1 award-2", "‘award-2’ 인자는 쓸 곳이 없습니다"),
    ("award show award-1 award-2 x", "‘award-2', 'x’ 인자들은 쓸 곳이 없습니다"),
    ("award show award-1 --data", "‘--data <dir>’의 값이 빠졌습니다"),
    ("ledger show x", "‘<event>’에 ‘x’ 값은 쓸 수 없습니다"),
    ("award show award-1 --json=1", "‘--json’ 선택지는 값을 받지 않는데 ‘1’ 값이 있습니다"),
  ])
  func `what is wrong with the arguments is told in Korean`(
    words: String, said: String
  ) throws {
    let run = try CommandLineRun(
      words.split(separator: " ").map(String.init), environment: ["LANG": "ko_KR.UTF-8"])
    #expect(run.exitCode == 2)
    #expect(run.error.contains("MDG-3001 명령을 쓰는 법이 맞지 않습니다: \(said)\n"), "\(run.error)")
  }

  @Test(arguments: ["award", "user token", "ledger"])
  func `a group's help lists what stands below it, also where one of it is the default`(
    group: String
  ) throws {
    let words = group.split(separator: " ").map(String.init)
    for asked in [words + ["--help"], words + ["-h", "--lang", "en"], ["help"] + words] {
      let run = try CommandLineRun(asked)
      #expect(run.exitCode == 0 && run.out.contains("SUBCOMMANDS:\n"), "\(asked): \(run.out)")
    }
  }

  @Test func `a script of completions is left as the parser made it`() throws {
    let run = try CommandLineRun(
      "--generate-completion-script", "bash", environment: ["LANG": "ko_KR.UTF-8"])
    #expect(run.exitCode == 0 && run.out.hasPrefix("#!/bin/bash"), "\(run.out.prefix(99))")
  }
}
