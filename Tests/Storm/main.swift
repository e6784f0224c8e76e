import Foundation
import MadangJournal
import MadangProgramme

// madang-storm FOLDER PREFIX CLIENTS [--synchronous normal]
// madang-storm FOLDER --usage FIRST
//
// Many clients write to one journal until somebody ends the process. Every acknowledged request is
// a line on standard output, `key event`, written after its reply and not before. The tests end it
// in every bad way there is and then look what is in the journal.

let arguments = CommandLine.arguments
guard arguments.count >= 4, let clients = Int(arguments[3]) else {
  FileHandle.standardError.write(Data("madang-storm FOLDER PREFIX CLIENTS\n".utf8))
  exit(64)
}
let folder = arguments[1]
let prefix = arguments[2]

if prefix == "--usage" {
  try UsageStorm.run(folder, first: Int64(clients))
}

var options = Journal.Options()
if arguments.dropFirst(4).elementsEqual(["--synchronous", "normal"]) {
  options.synchronous = .normal
}
let journal = try Journal(folder: folder, options: options)
let writer = Writer(journal)

await withTaskGroup(of: Void.self) { group in
  for client in 1...clients {
    group.addTask { await Storm.run(writer, prefix: prefix, client: client) }
  }
}

/// What one client does, and what a test repeats to see whether it was done.
enum Storm {
  static func run(_ writer: Writer, prefix: String, client: Int) async {
    var number = 0
    while true {
      let name = "\(prefix)-\(client)-\(number)"
      do {
        let reply = try await writer.submit(request(name, client: client))
        guard case .accepted(let receipt) = reply else { return }
        let line = Array("\(name) \(receipt.numbers.lowerBound)\n".utf8)
        write(1, line, line.count)
      } catch {
        return
      }
      number += 1
    }
  }

  static func request(_ name: String, client: Int) -> Request {
    let organisation = Organisation(
      form: .company, region: Slug("storm")!, synthetic: true)
    return Request(
      Envelope(
        by: PersonID(Int64(client))!, received: Instant(1_767_193_200),
        command: .registerOrganisation(organisation)),
      key: RequestKey(name, digest: SHA256.hash(Array(name.utf8))))
  }
}

/// Usage recorded batch after batch, from the given one on: `batch-N 0` once it is acknowledged.
enum UsageStorm {
  static func run(_ folder: String, first: Int64) throws -> Never {
    let operations = try Operations(folder: folder)
    let (cluster, model) = (ClusterID(1), DeviceModelID(1))
    let metered = MeteredCluster(cluster: cluster, model: model, gpusMax: 64, knows: { _ in true })
    var number = first
    while true {
      // 2026-02-02 00:00 in Seoul, as in the tests.
      let start = 1_769_958_000 + number * 600
      let segments = (0..<Int64(10)).map { index in
        UsageSegment(
          key: UsageKey(
            cluster: cluster, job: EngineJob(high: 7, low: 1), number: Int32(number * 10 + index)),
          allocation: AllocationID(1), model: model, gpus: 8, from: Instant(start + index * 60),
          to: Instant(start + index * 60 + 60))
      }
      let results = try operations.record(
        segments, at: metered, received: Instant(start + 1_000))
      guard results.allSatisfy({ $0 != .exists }) else { exit(65) }
      let line = Array("batch-\(number) 0\n".utf8)
      write(1, line, line.count)
      number += 1
    }
  }
}
