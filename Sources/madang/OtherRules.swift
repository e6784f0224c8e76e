import Foundation
import MadangDocuments
import MadangProgramme

/// Alternative rule sets, as they lie in a programme's `what-if` folder.
enum OtherRules {
  /// In order of their names.
  static func files(in folder: String) -> [String] {
    // A folder that is missing has none.
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    return (names ?? []).filter { $0.hasSuffix(".yaml") }.sorted().map { "\(folder)/\($0)" }
  }

  /// Those that pages try; faults are told, and stop a folder that was named.
  static func read(
    _ listening: ListenOptions, _ programme: Programme, _ output: Output
  ) throws -> [RuleSet] {
    if let named = listening.whatIf {
      return try files(in: named).map { try Office.ruleSet($0, programme, output) }
    }
    guard let slug = programme.charter?.slug.value, let folder = Demo.folder(of: slug) else {
      return []
    }
    // The folder may be older than the programme: what does not fit it is left out.
    return files(in: folder + "/what-if").compactMap { file in
      let (rules, faults) = readRuleSet(at: URL(fileURLWithPath: file), in: programme)
      return faults.isEmpty ? rules : nil
    }
  }
}
