public import MadangProgramme

/// Says things to people in one language.
public struct Prose: Sendable {
  public let language: Language

  public init(_ language: Language) { self.language = language }

  public func say(ko: String, en: String) -> String { language == .ko ? ko : en }

  /// An instant in the programme's own days, or in UTC outside them.
  public func time(_ instant: Instant, _ programme: Programme) -> String {
    guard let days = programme.charter?.days, let day = days.day(of: instant),
      let start = days.start(of: day)
    else {
      let seconds = (instant.seconds % 86_400 + 86_400) % 86_400
      let day = Day(Int((instant.seconds - seconds) / 86_400))
      return Prose.time(day, seconds) + " UTC"
    }
    return Prose.time(day, instant.seconds - start.seconds)
  }

  private static func time(_ day: Day, _ seconds: Int64) -> String {
    "\(day) \(two(seconds / 3_600)):\(two(seconds / 60 % 60))"
  }

  /// A term, whose last day is in it for people: half-open terms are for programs.
  func term(_ term: Term) -> String {
    "\(term.from) \(say(ko: "~", en: "–")) \(term.to.lastBefore)"
  }

  /// GPU time in hours, to two decimals, cut.
  func hours(_ seconds: GPUSeconds) -> String { seconds.hours(language) }

  /// What stands behind a thing that was made for a replay.
  func synthetic(_ isSynthetic: Bool) -> String {
    isSynthetic ? say(ko: " (가상)", en: " (synthetic)") : ""
  }

  private static func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + "\(number)" }
}
