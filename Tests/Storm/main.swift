import Foundation
import MadangJournal
import MadangProgramme

// madang-storm FOLDER PREFIX CLIENTS [--synchronous normal]
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
