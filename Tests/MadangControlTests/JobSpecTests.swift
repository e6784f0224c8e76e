import MadangControl
import MadangProgramme
import Testing

@Suite struct JobSpecTests {
  @Test func `a job's bytes are in one order, and give the job again`() throws {
    let spec = try JobSpec(
      name: "train", work: .script("#!/bin/sh\necho \"가\"\n", arguments: ["a b", "\u{1}"]), gpus: 2,
      timeLimitSeconds: 60, array: try JobArray("1-2%1"),
      dependencies: try JobDependencies("afterok:3?after:4_5+2"), workingFolder: "/w",
      output: try OutputPattern("%x-%j.out"),
      environment: [JobVariable("B", ""), JobVariable("A", "=")],
      requeue: true)
    let bytes = CanonicalWriter.bytes(of: spec)
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        {"array":{"indices":[1,2],"limit":1},"dependencies":{"anyIsEnough":true,"list":[\
        {"delaySeconds":0,"kind":"afterok","on":{"index":null,"job":3}},\
        {"delaySeconds":120,"kind":"after","on":{"index":5,"job":4}}]},\
        "environment":[{"name":"A","value":"="},{"name":"B","value":""}],"error":null,"gpus":2,\
        "name":"train","output":"%x-%j.out","requeue":true,"timeLimitSeconds":60,\
        "work":{"arguments":["a b","\\u0001"],"kind":"script",\
        "script":"#!/bin/sh\\necho \\"가\\"\\n"},"workingFolder":"/w"}
        """)
    #expect(try CanonicalReader.value(JobSpec.self, from: bytes) == spec)
    #expect(spec.tasks(of: JobID(9)!).map(\.description) == ["job-9_1", "job-9_2"])
    #expect(spec.forecastOfAll == GPUSeconds(240))
  }

  typealias Making = @Sendable () throws -> JobSpec

  static let beyond: [(String, Making)] = [
    ("MDG-1610: The name cannot be used.", { try spec(name: "a/b") }),
    ("MDG-1610: The name cannot be used.", { try spec(name: "") }),
    ("MDG-1610: The name cannot be used.", { try spec(name: "a\nb") }),
    ("MDG-1610: The command cannot be used.", { try spec(.command([])) }),
    ("MDG-1610: The command cannot be used.", { try spec(.command(["a", "b\0c"])) }),
    (
      "MDG-1611: The command has 200000 bytes; 131071 are allowed.",
      { try spec(.command(["a", String(repeating: "b", count: 200_000)])) }
    ),
    (
      "MDG-1612: The command has 10001 items; 10000 are allowed.",
      { try spec(.command(Array(repeating: "a", count: 10_001))) }
    ),
    (
      "MDG-1601: The script does not begin with ‘#!’.",
      { try spec(.script("echo", arguments: [])) }
    ),
    ("MDG-1610: The working folder cannot be used.", { try spec(folder: "relative") }),
    (
      "MDG-1610: The environment cannot be used.",
      { try spec(environment: [JobVariable("A=", "")]) }
    ),
    (
      "MDG-1610: The environment cannot be used.",
      { try spec(environment: [JobVariable("A", ""), JobVariable("A", "1")]) }
    ),
    (
      "MDG-1611: The environment has 1560013 bytes; 1500000 are allowed.",
      {
        try spec(
          environment: (0..<12).map {
            JobVariable("\($0 + 10)", String(repeating: "x", count: 129_988))
          })
      }
    ),
    ("MDG-1614: -1 GPUs cannot be asked for (0 to 100000).", { try spec(gpus: -1) }),
    ("MDG-1615: The time limit cannot be 0 seconds (1 to 2592000).", { try spec(seconds: 0) }),
  ]

  @Test(arguments: beyond)
  func `a job beyond its limits is refused by name`(
    expected: String, make: Making
  ) {
    #expect(refusal { _ = try make() } == expected)
  }

  @Test(arguments: [
    ("%j", "12_3"), ("%A_%a", "12_3"), ("%x-%4A.%%", "name-0012.%"), ("%03a", "003"), ("a", "a"),
  ])
  func `places in file names are filled in`(pattern: String, expected: String) throws {
    let task = JobTask(JobID(12)!, index: 3)
    #expect(try OutputPattern(pattern).resolved(task, name: "name") == expected)
    #expect(try OutputPattern("%j").resolved(JobTask(JobID(12)!), name: "") == "12")
  }

  @Test(arguments: ["%", "a%", "%123j", "%é", "", "a\nb", "%-1j"])
  func `other places are refused`(pattern: String) {
    #expect(throws: JobRefusal.self) { try OutputPattern(pattern) }
  }

  @Test func `beyond a budget it is said what would fit`() {
    let refusal = JobRefusal.beyondBudget(
      asked: 7_200, left: 3_600, gpus: 2, seconds: 3_600, tasks: 1)
    #expect(refusal.what(.en) == "The job could use 7200 GPU-seconds, but 3600 are left.")
    #expect(refusal.help(.en) == "Ask for at most 1800 seconds, or for at most 1 GPUs.")
    let none = JobRefusal.beyondBudget(asked: 7_200, left: 0, gpus: 2, seconds: 3_600, tasks: 1)
    #expect(none.help(.en) == "Ask for a supplement to the award.")
  }

  @Test func `every refusal has a code of its own and both languages`() {
    let all: [JobRefusal] = [
      .notAScript, .zeroByte(line: 1), .carriageReturn(line: 1), .notText(line: 1),
      .lineTooLong(line: 1, bytes: 2, limit: 1), .openQuote(line: 1),
      .missingValue(option: "-t", line: 1), .badValue(option: "-t", value: "\u{1b}[2J", line: nil),
      .contradiction(
        .init(option: "-t", value: "1", line: 2), other: .init(option: "-t", value: "2", line: 1)),
      .notHere(option: "--hold", line: 3),
      .unfit(.name, line: 1), .tooLong(.script, bytes: 2, limit: 1),
      .tooMany(.environment, 2, limit: 1), .tooManyTasks(2, limit: 1),
      .gpusOutOfRange(2, limit: 1), .timeOutOfRange(seconds: 2, limit: 1), .noTimeLimit,
      .beyondBudget(asked: 2, left: 1, gpus: 1, seconds: 2, tasks: 1),
      .beyondReservation(gpus: 2, reserved: 1),
    ]
    #expect(Set(all.map(\.code)).count == all.count)
    for refusal in all {
      for language in Language.allCases {
        #expect(!refusal.what(language).isEmpty && !refusal.help(language).isEmpty)
        #expect(!refusal.what(language).contains("\u{1b}"))
      }
    }
  }
}

private func spec(
  _ work: JobWork = .command(["true"]), name: String = "a", gpus: Int32 = 1, seconds: Int64 = 60,
  folder: String = "/w", environment: [JobVariable] = []
) throws -> JobSpec {
  try JobSpec(
    name: name, work: work, gpus: gpus, timeLimitSeconds: seconds, workingFolder: folder,
    environment: environment)
}
