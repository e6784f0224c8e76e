import MadangProgramme

/// The machine's time, as far as it goes as time does: pure, told both clocks.
///
/// Programme time never goes back, so a clock that is a year ahead for three seconds would end all
/// terms for good. A step ahead is therefore not followed: time goes on from where it was, by the
/// clock that nobody sets, until the machine's is right again or the process is started anew. A
/// clock that is corrected little by little, or put back, is followed, and so is one that returns
/// to where it was before: none of that passes time that was not there.
struct SteadyTime: Hashable {
  /// What clocks of machines differ by (``UsageSegment/aheadSecondsMax``).
  static let stepSecondsMax = UsageSegment.aheadSecondsMax

  /// Seconds from the clock that nobody sets to the machine's.
  private var apart: Int64
  /// The most that they were apart while the machine's was followed.
  private var mostApart: Int64
  /// Seconds that the machine's clock stepped ahead by and is not followed for; else 0.
  private(set) var aheadSeconds: Int64 = 0

  init(machine: Int64, steady: Int64) {
    apart = machine - steady
    mostApart = apart
  }

  /// The time, by what both clocks say now.
  mutating func seconds(machine: Int64, steady: Int64) -> Int64 {
    let found = machine - steady
    if found > mostApart + SteadyTime.stepSecondsMax {
      aheadSeconds = found - apart
    } else {
      aheadSeconds = 0
      apart = found
      mostApart = max(mostApart, found)
    }
    return steady + apart
  }
}
