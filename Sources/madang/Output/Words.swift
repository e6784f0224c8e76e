import Foundation
import MadangProgramme
import MadangViews

extension Programme {
  /// A day given by a person, or the programme's today.
  func day(_ text: String?, _ output: Output) throws -> Day {
    guard let text else {
      guard let today = civilDay else {
        throw Failure(ProgrammeRefusal.outsideDays, output)
      }
      return today
    }
    guard let day = Day(text) else {
      throw Failure.usage(
        output, ko: "‘\(text)’은(는) 날짜가 아닙니다(예: 2026-03-03).",
        en: "‘\(text)’ is no day (such as 2026-03-03).")
    }
    return day
  }

  /// A line by identifier or short name.
  func line(_ text: String) -> LineID? {
    if let id = LineID(text), lines.contains(id) { return id }
    return lines.ids.first { lines[$0].line.slug.value == text }
  }

  /// A round by identifier, or the newest where none is named.
  func round(_ text: String?, _ output: Output) throws -> RoundID {
    if let text {
      guard let id = RoundID(text), rounds.contains(id) else {
        throw Failure.unknown(text, output)
      }
      return id
    }
    guard rounds.count > 0 else { throw Failure.unknown("round", output) }
    // The newest round that somebody applied in, else the first.
    let used = rounds.ids.filter { rounds[$0].applicationCount > 0 }
    return used.last ?? RoundID(1)
  }

  func application(_ text: String, _ output: Output) throws -> ApplicationID {
    try known(text, applications, output)
  }

  /// An identifier that a person gave, of a row that there is.
  func known<Kind, Row>(
    _ text: String, _ table: PagedTable<Kind, Row>, _ output: Output
  ) throws -> Identifier<Kind> {
    guard let id = Identifier<Kind>(text), table.contains(id) else {
      throw Failure.unknown(text, output)
    }
    return id
  }

  /// A cluster by identifier or short name.
  func cluster(_ text: String, _ output: Output) throws -> ClusterID {
    if let id = ClusterID(text), clusters.contains(id) { return id }
    guard let id = clusters.ids.first(where: { clusters[$0].slug.value == text }) else {
      throw Failure.unknown(text, output)
    }
    return id
  }
}
