import MadangControl
import MadangProgramme
import Testing

/// What scripts ask for, as tables: lines of directives, and what was understood.
@Suite struct DirectiveTests {
  @Test func `each directive that makes sense is understood`() throws {
    let options = try parse(
      """
      #SBATCH --job-name="my training" -G 4
      #SBATCH --time=1-02:00:00
      #SBATCH -a 1-3,7%2
      #SBATCH --dependency=afterok:12:13_4
      #SBATCH -o logs/%x-%A_%a.out --error=logs/%j.err
      #SBATCH --chdir /data/team # where it runs
      #SBATCH --export=ALL,EPOCHS=3
      #SBATCH -A allocation-7 --requeue
      """
    ).options
    #expect(options.name == "my training")
    #expect(options.gpus == 4)
    #expect(options.timeLimitSeconds == 93_600)
    #expect(options.array?.indices == [1, 2, 3, 7] && options.array?.limit == 2)
    #expect(
      options.dependencies?.list.map(\.description) == ["afterok:12", "afterok:13_4"])
    #expect(options.output?.text == "logs/%x-%A_%a.out")
    #expect(options.error?.text == "logs/%j.err")
    #expect(options.workingFolder == "/data/team")
    #expect(options.account == "allocation-7" && options.requeue == true)
    let chosen = options.export?.chosen(from: [
      JobVariable("HOME", "/h"), JobVariable("EPOCHS", "1"),
    ])
    #expect(chosen == [JobVariable("EPOCHS", "3"), JobVariable("HOME", "/h")])
  }

  @Test(
    arguments: [
      ("--gpus=4", 4, nil), ("-G4", 4, nil), ("-G h100:2", 2, "h100"), ("--gres=gpu:3", 3, nil),
      ("--gres=gpu", 1, nil), ("--gres=gpu:b200:8", 8, "b200"),
      ("--gpus-per-node=8 --nodes=2", 16, nil), ("--gpus 16 --gpus-per-node 8 -N 2", 16, nil),
      ("--gres=gpu:2 --gpus-per-node=h100:2", 2, "h100"), ("--gpus=0", 0, nil),
      ("--gpus=4 --gpus=4", 4, nil),
    ] as [(String, Int32, String?)])
  func `GPUs may be said in several ways that agree`(
    words: String, gpus: Int32, model: String?
  ) throws {
    let options = try parse("#SBATCH \(words)").options
    #expect(options.gpus == gpus && options.model == model)
  }

  @Test(
    arguments: [
      (
        "--gpus=4\n--gpus=5",
        "MDG-1609: --gpus ‘4’ in line 2 and --gpus ‘5’ in line 3 do not go together."
      ),
      (
        "--gpus=4\n--gres=gpu:2",
        "MDG-1609: --gpus ‘4’ in line 2 and --gres ‘2’ in line 3 do not go together."
      ),
      (
        "--gpus=a:4 --gres=gpu:b:4",
        "MDG-1609: --gpus ‘a:4’ in line 2 and --gres ‘b:4’ in line 2 do not go together."
      ),
      (
        "-N 2 --gpus-per-node=4 --gpus=4",
        "MDG-1609: --gpus ‘4’ in line 2 and --gpus-per-node ‘4 × 2’ in line 2 do not go together."
      ),
      (
        "--requeue\n--no-requeue",
        "MDG-1609: --requeue in line 2 and --no-requeue in line 3 do not go together."
      ),
      (
        "--time=10 -t 20",
        "MDG-1609: --time ‘10’ in line 2 and --time ‘20’ in line 2 do not go together."
      ),
      ("--time", "MDG-1607: --time in line 2 has no value."),
      ("--job-name=", "MDG-1607: --job-name in line 2 has no value."),
      ("--time=1h", "MDG-1608: Line 2: --time cannot be ‘1h’."),
      ("--time=UNLIMITED", "MDG-1616: The job has no time limit."),
      ("--time=0", "MDG-1616: The job has no time limit."),
      ("--time=400-0", "MDG-1615: The time limit cannot be 34560000 seconds (1 to 2592000)."),
      ("--array=5-1", "MDG-1608: Line 2: --array cannot be ‘5-1’."),
      ("--array=1%0", "MDG-1608: Line 2: --array cannot be ‘1%0’."),
      ("--array=0-4000000", "MDG-1613: The array has 4000001 tasks; 10000 are allowed."),
      (
        "--array=99999999999999999999",
        "MDG-1608: Line 2: --array cannot be ‘99999999999999999999’."
      ),
      ("--gpus=-1", "MDG-1608: Line 2: --gpus cannot be ‘-1’."),
      ("--gpus=99999999999", "MDG-1614: 99999999999 GPUs cannot be asked for (0 to 100000)."),
      ("--gpus=4:", "MDG-1608: Line 2: --gpus cannot be ‘4:’."),
      ("--nodes=0", "MDG-1608: Line 2: --nodes cannot be ‘0’."),
      ("--nodes=0 --gpus=1", "MDG-1608: Line 2: --nodes cannot be ‘0’."),
      ("--dependency=singleton", "MDG-1608: Line 2: --dependency cannot be ‘singleton’."),
      ("--dependency=afterok:", "MDG-1608: Line 2: --dependency cannot be ‘afterok:’."),
      ("--dependency=afterok:1+5", "MDG-1608: Line 2: --dependency cannot be ‘afterok:1+5’."),
      (
        "--dependency=afterok:1,afterany:2?after:3",
        "MDG-1608: Line 2: --dependency cannot be ‘afterok:1,afterany:2?after:3’."
      ),
      ("--output=%q.out", "MDG-1608: Line 2: --output cannot be ‘%q.out’."),
      ("--error=%q.err", "MDG-1608: Line 2: --error cannot be ‘%q.err’."),
      ("--gpus-per-task=1", "MDG-1619: Line 2: --gpus-per-task cannot be kept here."),
      (
        "--ntasks=4\n--gpus-per-socket 2",
        "MDG-1619: Line 3: --gpus-per-socket cannot be kept here."
      ),
      ("-H", "MDG-1619: Line 2: --hold cannot be kept here."),
      ("--begin=now+1hour", "MDG-1619: Line 2: --begin cannot be kept here."),
      ("--job-name=\"open", "MDG-1606: A quotation mark in line 2 is not closed."),
      ("--export==3", "MDG-1608: Line 2: --export cannot be ‘=3’."),
    ] as [(String, String?)])
  func `what contradicts or cannot be is refused with its line`(
    lines: String, expected: String?
  ) throws {
    let script = lines.split(separator: "\n").map { "#SBATCH \($0)" }.joined(separator: "\n")
    #expect(refusal { _ = try parse(script) } == expected)
  }

  @Test func `what means nothing here is passed over with a warning`() throws {
    let warnings = try parse(
      """
      #SBATCH --ntasks=4 --mem 16G
      #SBATCH -p gpu -c 8
      #SBATCH --exclusive word --requeue
      #SBATCH --frobnicate now -G 2
      #SBATCH --nodes=2 --gpus-per-node=1 --gpus=2
      ##SBATCH --time=never
      #SBATCHING
      # SBATCH --time=never

      echo begins
      #SBATCH --time=5
      """
    ).warnings.map { $0.text(.en) }
    #expect(
      warnings == [
        "Line 2: --ntasks has no meaning here and is passed over.",
        "Line 2: --mem has no meaning here and is passed over.",
        "Line 3: -p has no meaning here and is passed over.",
        "Line 3: -c has no meaning here and is passed over.",
        "Line 4: --exclusive has no meaning here and is passed over.",
        "Line 4: ‘word’ is no option and is passed over.",
        "Line 4: --requeue has no meaning here and is passed over.",
        "Line 5: --frobnicate is not known and is passed over.",
        "Line 6: 2 nodes were asked for; the job runs on one machine.",
        "Line 12: #SBATCH behind the first command is not read.",
      ])
  }

  @Test(
    arguments: [
      ("echo", "MDG-1601: The script does not begin with ‘#!’."),
      ("#!/bin/sh\n\na\0b", "MDG-1602: Line 3 of the script has a zero byte."),
      (
        "#!/bin/sh\r\ntrue\r\n",
        "MDG-1603: Line 1 of the script has a carriage return (a DOS line break)."
      ),
      (
        "#!/bin/sh\n#SBATCH -J \(String(repeating: "x", count: 8_200))",
        "MDG-1605: Line 2 of the script has 8211 bytes; 8192 are allowed."
      ),
      ("#!/bin/sh\n\(String(repeating: "x", count: 9_000))", nil),
      (
        "#!/bin/sh\n\(String(repeating: "x", count: 5_000_000))",
        "MDG-1611: The script has 5000010 bytes; 4194304 are allowed."
      ),
    ] as [(String, String?)])
  func `bytes that no script may hold are refused with their line`(
    script: String, expected: String?
  ) {
    #expect(refusal { _ = try Directives.parse(Array(script.utf8)) } == expected)
  }

  @Test func `a script that is not UTF-8 is refused with its line`() {
    let bytes = Array("#!/bin/sh\n".utf8) + [0xC3, 0x28]
    #expect(
      refusal { _ = try Directives.parse(bytes) } == "MDG-1604: Line 2 of the script is not UTF-8.")
  }

  @Test func `any bytes give options or a refusal, never a crash`() {
    seeds(300) { _, random in
      let parts = [
        "--gpus", "=", "-G", " ", "\"", "'", "\\", "#", "%", ":", "-", "+", "?", ",", "4", "gpu",
        "--array", "--time", "--dependency", "afterok", "--nodes", "9999999999", "가", "\u{301}",
        "--export", "ALL", "\t", "--gres", "-o", "%j",
      ]
      var text = "#!/bin/sh\n"
      for _ in 0..<random.draw(1...6) {
        text += "#SBATCH "
        for _ in 0..<random.draw(0...12) { text += random.pick(parts) }
        text += "\n"
      }
      var bytes = Array(text.utf8)
      if random.chance(20) {
        bytes[random.draw(0...(bytes.count - 1))] = UInt8(random.draw(0...255))
      }
      do {
        let read = try Directives.parse(bytes)
        // Read again, the same: nothing in it depends on the order of a table.
        #expect(try Directives.parse(bytes) == read)
      } catch {
        // Nothing else is thrown: the parser says so in its type.
        #expect(!(error as! JobRefusal).what(.ko).isEmpty)
      }
    }
  }

  @Test func `a command line goes before its script`() throws {
    let script = try parse("#SBATCH -G h100:4 -t 10 -J script").options
    var line = JobOptions()
    line.gpus = 2
    line.name = "line"
    let both = line.over(script)
    #expect(both.gpus == 2 && both.model == nil && both.name == "line")
    #expect(both.timeLimitSeconds == 600)
  }

  private func parse(_ lines: String) throws -> Directives {
    try Directives.parse(Array("#!/bin/sh\n\(lines)\n".utf8))
  }
}

/// `MDG-1608: what was said`, or nothing where nothing was refused.
func refusal(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch let refusal as any Refusing {
    return "\(refusal.code): \(refusal.what(.en))"
  } catch {
    return "\(error)"
  }
}
