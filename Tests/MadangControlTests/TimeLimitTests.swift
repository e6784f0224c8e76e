import MadangControl
import Testing

@Suite struct TimeLimitTests {
  @Test(
    arguments: [
      ("10", 600), ("10:30", 630), ("1:02:03", 3_723), ("1-0", 86_400), ("1-2:03", 93_780),
      ("1-02:03:04", 93_784), ("0:01", 1), ("90:00", 5_400), ("00010", 600),
    ] as [(String, Int64)])
  func `every form of Slurm's is read`(text: String, seconds: Int64) {
    #expect(TimeLimit.seconds(text) == seconds)
  }

  @Test(arguments: [
    "", "-", "1-", "-1", ":", "1:", ":1", "1:2:3:4", "1-2:3:4:5", "1-2-3", "+1", "1.5", "1h", " 1",
    "١", "9999999999", "1-2:", "1--2",
  ])
  func `nothing else is`(text: String) {
    #expect(TimeLimit.seconds(text) == nil)
  }
}
