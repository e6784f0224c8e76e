import Foundation
import MadangProgramme

@testable import MadangDocuments

/// A programme's folder in memory: a real one, or one with some of its text changed.
struct Folder {
  static let programmes = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Programmes")

  var files: [String: [UInt8]] = [:]

  /// `korea-2025` or `saltmarsh`.
  init(_ name: String) throws {
    let root = Folder.programmes.appending(path: name)
    for folder in ["", "rules", "what-if"] {
      let place = folder.isEmpty ? root : root.appending(path: folder)
      for file in try FileManager.default.contentsOfDirectory(atPath: place.path)
      where file.hasSuffix(".yaml") {
        let path = folder.isEmpty ? file : "\(folder)/\(file)"
        files[path] = [UInt8](try Data(contentsOf: place.appending(path: file)))
      }
    }
  }

  func text(_ path: String) -> String { String(decoding: files[path] ?? [], as: UTF8.self) }

  mutating func set(_ path: String, _ text: String) { files[path] = Array(text.utf8) }

  /// Replaces the first occurrence. A text that is not there is a mistake of the test.
  mutating func change(_ path: String, _ old: String, _ new: String) {
    let text = text(path)
    guard let range = text.range(of: old) else {
      preconditionFailure("\(path) does not hold: \(old)")
    }
    set(path, text.replacingCharacters(in: range, with: new))
  }

  func changing(_ path: String, _ old: String, _ new: String) -> Folder {
    var folder = self
    folder.change(path, old, new)
    return folder
  }

  var contents: FolderContents {
    FolderContents(
      bytes: { path in files[path].map { .success($0) } ?? .failure(.missing) },
      names: { folder in
        let prefix = folder.isEmpty ? "" : folder + "/"
        return files.keys.filter { $0.hasPrefix(prefix) }
          .map { String($0.dropFirst(prefix.count)) }.filter { !$0.contains("/") }.sorted()
      })
  }

  func read() throws -> (folder: ProgrammeFolder?, diagnostics: [Diagnostic]) {
    readProgramme(contents, algorithms: try Folder.algorithms())
  }

  /// The diagnostics as an English reader sees them.
  func faults() throws -> [String] { try read().diagnostics.map { $0.text(.en) } }

  static func algorithms() throws -> LedgerAlgorithms {
    LedgerAlgorithms(
      hash: try required(Slug("sha256")), signature: try required(Slug("ed25519")))
  }
}

struct Missing: Error {}

func required<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw Missing() }
  return value
}

/// The programme after these commands, all received at noon of `day` in UTC.
func applying(
  _ commands: [Command], to programme: Programme = Programme(), on day: String
) throws -> Programme {
  let received = Instant(Int64(try required(Day(day)).number) * 86_400 + 43_200)
  let by = try required(PersonID(1))
  var programme = programme
  for command in commands {
    let envelope = Envelope(by: by, received: received, command: command)
    for event in try programme.decide(envelope) {
      let at = programme.time(of: received)
      programme.apply(
        event, Header(number: programme.eventCount, at: at, received: received, by: by))
    }
  }
  return programme
}
