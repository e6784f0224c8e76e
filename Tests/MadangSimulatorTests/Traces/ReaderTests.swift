import MadangProgramme
import MadangSimulator
import Testing

/// What each reader makes of good and bad lines.
struct ReaderTests {
  static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func `each format becomes submit, duration and devices`() throws {
    let cases: [(format: TraceFormat, text: String, expected: String)] = [
      (
        .csv, "job,submit,duration,gpus,pool,limit\na,1.5,10,8,left,20\n",
        "1500000 10000000 8 20000000"
      ),
      (.itp, "job_id,submission_time,duration,num_gpu\nx,5,7,2\n", "5000000 7000000 2 7000000"),
      (
        .philly, "timestamp,duration,num_gpus,gpu_time,cluster\n1970-01-02 00:00:01,2.0,4,8.0,vc\n",
        "86401000000 2000000 4 2000000"
      ),
      (
        .muri,
        "job_id,num_gpu,submit_time,iterations,model_name,iteration_time\n0,4,1000,10,bert,200\n",
        "1000000 2030000 4 2030000"
      ),
      (
        .acme,
        "job_id,arrival_time,num_iteration,iteration_computing_time,gpu_workers,gpu_per_worker\n"
          + "0,3.0,4,0.5,2,8.0\n", "3000000 2000000 16 2000000"
      ),
      (
        .swf, "; MaxNodes: 8\n1 10 -1 60 4 -1 -1 -1 90 -1 0 -1 -1 -1 -1 -1 -1 -1\n",
        "10000000 60000000 4 90000000"
      ),
      (
        .openb,
        "seq,pod,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\n0,p,100,1,1,500,T4|P100\n",
        "0 \(Workload.forever) 1 \(Workload.forever)"
      ),
    ]
    for (format, text, expected) in cases {
      let jobs = try format.read(Self.bytes(text))
      let first = "\(jobs.submit[0]) \(jobs.duration[0]) \(jobs.gpus[0]) \(jobs.limit[0])"
      #expect(first == expected, "\(format)")
      #expect(TraceFormat.guess(Self.bytes(text)) == format)
    }
  }

  @Test func `a fault names its line and its code`() {
    let head = "job,submit,duration,gpus\na,0,1,1\n"
    let cases: [(text: String, line: Int, code: String)] = [
      ("", 1, "MDG-4001"), ("job,submit,duration,gpus\n", 1, "MDG-4001"),
      ("job,submit,gpus\na,0,1\n", 1, "MDG-4002"), (head + "b,1\nc,2,1,1\n", 3, "MDG-4003"),
      (head + "b,1,x,1\n", 3, "MDG-4004"), (head + "b,1,-5,1\n", 3, "MDG-4006"),
      (head + "b,1,\"5,1\nc,1,5,1\n", 3, "MDG-4012"),
      (head + "b,1,5,99999999999999999999\n", 3, "MDG-4005"),
      (head + "b,9223372036854775807,5,1\n", 3, "MDG-4005"), (head + "b,1,5,-\n", 3, "MDG-4004"),
      (head + "b,1,5,2000000\n", 3, "MDG-4005"), (head + "\n\nb,,5,1\n", 5, "MDG-4003"),
      (head + String(repeating: "b,0,4503599627,1\n", count: 1_100), 1, "MDG-4005"),
    ]
    for (text, line, code) in cases {
      do throws(TraceFault) {
        _ = try TraceFormat.csv.read(Self.bytes(text))
        Issue.record("read: \(text)")
      } catch {
        #expect(error.line == line && error.code == code, "\(text): \(error)")
        for language in Language.allCases {
          #expect(!error.what(language).isEmpty && !error.help(language).isEmpty)
        }
      }
    }
  }

  @Test func `a torn last line is dropped and counted, a whole one is taken`() throws {
    let torn = try TraceFormat.csv.read(Self.bytes("job,submit,duration,gpus\na,0,1,1\nb,1,2"))
    #expect(torn.count == 1 && torn.notes == [TraceNote(.tornLastLine, 1)])
    let whole = try TraceFormat.csv.read(
      Self.bytes("job,submit,duration,gpus\r\na,0,1,1\r\nb,1,2,3"))
    #expect(whole.count == 2 && whole.notes.isEmpty && whole.gpus[1] == 3)
  }

  @Test func `a quoted field holds commas and quotes, and is read as it was written`() throws {
    let jobs = try TraceFormat.csv.read(
      Self.bytes(
        "\"job\",submit,duration,gpus,pool,limit\n\"a,\"\"b\"\"\",\"0\",\"1\",2,\"x, y\",\"\"\n"))
    #expect(jobs.name == ["a,\"b\""] && jobs.pools == ["x, y"])
    #expect(jobs.duration == [1_000_000] && jobs.limit == jobs.duration && jobs.gpus == [2])
    let torn = try TraceFormat.csv.read(Self.bytes("job,submit,duration,gpus\na,0,1,1\n\"b,1,2,1"))
    #expect(torn.count == 1 && torn.notes == [TraceNote(.tornLastLine, 1)])
  }

  @Test func `jobs without devices are skipped and counted in every format of whole devices`()
    throws
  {
    let cases: [(format: TraceFormat, text: String)] = [
      (.csv, "job,submit,duration,gpus,limit\na,0,2,1,2\nb,0,2,0,1\n"),
      (.itp, "job_id,submission_time,duration,num_gpu\na,0,2,1\nb,0,2,0\n"),
      (
        .philly,
        "timestamp,duration,num_gpus,gpu_time,cluster\n1970-01-02 00:00:01,2,1,2,vc\n"
          + "1970-01-02 00:00:01,2,0,0,vc\n"
      ),
      (
        .muri,
        "job_id,num_gpu,submit_time,iterations,model_name,iteration_time\na,1,0,1,bert,1\n"
          + "b,0,0,1,bert,1\n"
      ),
      (
        .acme,
        "job_id,arrival_time,num_iteration,iteration_computing_time,gpu_workers,gpu_per_worker\n"
          + "a,0,4,0.5,1,1\nb,0,4,0.5,1,0\n"
      ),
      (.swf, "1 0 -1 2 1 -1 -1 -1 2 -1\n2 0 -1 2 0 -1 -1 -1 2 -1\n"),
    ]
    for (format, text) in cases {
      let jobs = try format.read(Self.bytes(text))
      #expect(jobs.count == 1 && jobs.notes == [TraceNote(.noDevices, 1)], "\(format)")
    }
  }

  private static let openb = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,creation_time"

  @Test func `a pod takes one device in part or whole, several only whole, or none`() throws {
    let cases: [(gpus: Int, milli: Int, isRead: Bool)] = [
      (0, 0, true), (0, 500, true), (1, 0, false), (1, 1, true), (1, 1_000, true), (2, 0, false),
      (2, 500, false), (2, 1_000, true),
    ]
    for (gpus, milli, isRead) in cases {
      let text = "\(Self.openb),deletion_time\np,1,1,\(gpus),\(milli),,0,9\n"
      do throws(TraceFault) {
        _ = try TraceFormat.openb.read(Self.bytes(text))
        #expect(isRead, "\(gpus) \(milli)")
      } catch {
        #expect(!isRead && error.line == 2 && error.code == "MDG-4005", "\(gpus) \(milli)")
      }
    }
  }

  @Test func `pods with one time of two are in order, and what does not fit is dropped`() throws {
    let row = "\np,1,1,1,1000,,7"
    let order = try TraceFormat.openb.read(Self.bytes(Self.openb + row + "\n"))
    #expect(!order.waits && order.submit == [0] && order.duration == [Workload.forever])
    let times = try TraceFormat.openb.read(Self.bytes(Self.openb + ",deletion_time" + row + ",9\n"))
    #expect(times.waits && times.submit == [7] && times.duration == [2])
  }

  @Test func `times out of order are put in order and counted`() throws {
    let text = "job,submit,duration,gpus\na,5,1,1\nb,1,1,2\nc,5,1,3\nd,4,1,4\n"
    let jobs = try TraceFormat.csv.read(Self.bytes(text))
    #expect(jobs.name == ["b", "d", "a", "c"] && jobs.gpus == [2, 4, 1, 3])
    #expect(jobs.notes == [TraceNote(.outOfOrder, 2)])
  }

  @Test func `what the Standard Workload Format does not know is skipped and counted`() throws {
    let rest = " -1 -1 4 90 -1 0 -1 -1 -1 -1 -1 -1 -1\n"
    let text =
      "1 0 -1 -1 4" + rest + "2 1 -1 5 4" + rest + "3 2 -1 5 0 -1 -1 -1 5 -1\n"
      + "4 3 -1 95 4" + rest
    let jobs = try TraceFormat.swf.read(Self.bytes(text))
    #expect(jobs.name == ["2", "4"] && jobs.limit == [90_000_000, 95_000_000])
    #expect(
      jobs.notes == [
        TraceNote(.unknownDuration, 1), TraceNote(.noDevices, 1), TraceNote(.limitRaised, 1),
      ])
  }

  @Test func `a fleet's lines repeat by count, and its models are matched by name`() throws {
    let nodes = try FleetTable.read(Self.bytes("name,gpus,model,count\nx,8,H200,3\ny,4,T4,1\n"))
    #expect(nodes.gpus == [8, 8, 8, 4] && nodes.modelNames == ["H200", "T4"])
    #expect(throws: TraceFault.self) { try FleetTable.read(Self.bytes("gpus\n0\n")) }
  }

  @Test func `a fleet's torn last line leaves nothing behind, and is counted`() throws {
    let head = "sn,gpu,cpu_milli,memory_mib,model\na,4,8000,1000,V100\n"
    for torn in ["b,2", "b,2,80", "b,2,8000,"] {
      let nodes = try FleetTable.read(Self.bytes(head + torn))
      #expect(nodes.gpus == [4] && nodes.model == [0] && nodes.cpuMilli == [8_000], "\(torn)")
      #expect(nodes.memoryMiB == [1_000] && nodes.notes == [TraceNote(.tornLastLine, 1)])
    }
    #expect(try FleetTable.read(Self.bytes(head)).notes.isEmpty)
  }

  /// No bytes may stop the program: cut, doubled and flipped, a trace is read or refused.
  @Test(arguments: 0..<40)
  func `damaged bytes are refused or read, never a crash`(round: Int) {
    let seed = Seeds.seed(round)
    var generator = SeededGenerator(seed: seed)
    var text = Self.bytes("job,submit,duration,gpus,pool,limit\n")
    for job in 0..<20 { text += Self.bytes("j\(job),\(job),\(job * 7 % 5),\(job % 3 + 1),p,9\n") }
    for _ in 0..<generator.draw(1...6) {
      let at = generator.draw(0...text.count - 1)
      switch generator.draw(0...3) {
      case 0: text[at] = UInt8(generator.draw(0...255))
      case 1: text.remove(at: at)
      case 2: text.insert(UInt8(generator.draw(0...255)), at: at)
      default: text = Array(text.prefix(at + 1))
      }
    }
    for format in TraceFormat.allCases {
      do throws(TraceFault) {
        let jobs = try format.read(text)
        #expect(jobs.submit == jobs.submit.sorted() && jobs.count > 0, "SEED=\(seed)")
      } catch { #expect(error.line > 0, "SEED=\(seed)") }
    }
  }
}
