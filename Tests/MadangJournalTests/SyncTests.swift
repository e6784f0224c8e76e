import Foundation
import MadangJournal
import Testing

/// What a commit costs the disk: counted, in a real process, not timed.
struct SyncTests {
  @Test func `a batch of one costs one sync, and nothing is acknowledged before it`() throws {
    let log = try log(clients: 1, acknowledged: 600)
    // What opening synced stands before the first acknowledgement.
    let commits = log.split(separator: "a", omittingEmptySubsequences: false).dropFirst().dropLast()
    #expect(commits.count >= 598)
    // Every 1,000 pages or so SQLite folds the log into the file. The commit that does it, and the
    // next, which begins the log anew and syncs its header first, cost more.
    let folds = commits.indices.filter { commits[$0].contains("d") }
    let dearer = Set(folds + folds.map { $0 + 1 })
    #expect(folds.count <= commits.count / 100)
    for (place, syncs) in zip(commits.indices, commits) where !dearer.contains(place) {
      #expect(syncs == "w", "commit \(place)")
    }
  }

  @Test func `clients that come together share their syncs`() throws {
    let log = try log(clients: 32, acknowledged: 2_000)
    let acknowledged = log.count { $0 == "a" }
    let syncs = log.count { $0 == "w" || $0 == "d" }
    #expect(syncs * 3 < acknowledged, "\(syncs) syncs, \(acknowledged) acknowledged")
  }

  private func log(clients: Int, acknowledged: Int) throws -> String {
    let folder = try TestFolder()
    try folder.founded().close()
    let path = folder + "syncs"
    let storm = try Storm(
      folder, prefix: "sync", clients: clients,
      preload: try Storm.shim("synccount"), ["SYNC_LOG": path])
    _ = try storm.lines(atLeast: acknowledged) { kill($0, SIGKILL) }
    return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }
}
