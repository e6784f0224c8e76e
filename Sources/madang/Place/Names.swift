import MadangProgramme
import MadangViews

/// What people call things, looked up where a command is carried out.
extension CommonOptions {
  /// A round that was named, or the newest that somebody applied in, else the first.
  func roundName(_ text: String?) throws -> String {
    if let text { return text }
    let rounds = try json("listRounds").array ?? []
    let used = rounds.last { ($0["applications"]?.integer ?? 0) > 0 }
    guard let name = (used ?? rounds.first)?["id"]?.text else {
      throw Failure.unknown("round", output)
    }
    return name
  }

  /// A line's identifier, where it was given or its short name was.
  func lineName(_ text: String) throws -> String {
    if LineID(text) != nil { return text }
    for tranche in try json("getSupply")["tranches"]?.array ?? [] {
      for line in tranche["lines"]?.array ?? [] where line["slug"]?.text == text {
        return line["id"]?.text ?? text
      }
    }
    throw Failure.unknown(text, output)
  }

  /// A cluster by identifier or short name.
  func cluster(_ text: String) throws -> (id: String, slug: String) {
    let clusters = try json("listClusters").array ?? []
    guard
      let cluster = clusters.first(where: { $0["id"]?.text == text || $0["slug"]?.text == text }),
      let id = cluster["id"]?.text, let slug = cluster["slug"]?.text
    else { throw Failure.unknown(text, output) }
    return (id, slug)
  }

  /// The first day, and the day after the last, of what is asked for: nothing else could be.
  func needTerm(_ from: String?, _ to: String?) throws {
    guard let from = from.flatMap({ Day($0) }), let to = to.flatMap({ Day($0) }), to <= from else {
      return
    }
    throw Failure.usage(
      output, ko: "마지막 날은 --from보다 빠를 수 없습니다.", en: "The last day cannot be before --from.")
  }

  /// The day after the last: people name the last day itself, by `--through`. What older scripts
  /// name by `end` is the day after it.
  func dayAfter(_ through: String?, or end: (name: String, day: String?)) throws -> String? {
    guard let through else { return end.day }
    guard end.day == nil else {
      throw Failure.usage(
        output, ko: "--through와 \(end.name) 가운데 하나만 주십시오.",
        en: "Give --through or \(end.name), not both.")
    }
    guard let day = Day(through) else { throw Failure.notADay(through, output) }
    return "\(day.advanced(by: 1))"
  }

  /// The same, which cannot be left out.
  func needDayAfter(_ through: String?, or end: (name: String, day: String?)) throws -> String {
    guard let day = try dayAfter(through, or: end) else {
      throw Failure.usage(
        output, ko: "마지막 날을 --through로 주십시오.", en: "Give the last day: --through.")
    }
    return day
  }
}
