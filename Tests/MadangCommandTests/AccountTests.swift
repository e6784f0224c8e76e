import Foundation
import MadangJournal
import MadangProgramme
import Testing

/// Sealed hours as the command line shows them.
struct AccountTests {
  @Test func `the accounts of a cluster are shown with capacity × time, which they equal`() throws {
    let folder = try TemporaryFolder()
    let load = try CommandLineRun(
      "programme", "load", "Programmes/saltmarsh", "--at", "2026-09-01T09:00", data: folder.data)
    #expect(load.exitCode == 0, "\(load.error)")
    try seal(hours: 3, in: folder.data.path)
    let rows = try CommandLineRun("account", "--json", data: folder.data).array()
    #expect(rows.count == 1)
    let row = try #require(rows.first)
    #expect(row["equal"] as? Bool == true && row["hours"] as? Int == 3)
    let sums = try #require(row["gpuSeconds"] as? [String: Int])
    #expect(sums.count == 9 && sums["unobserved"] == 3 * 60 && sums["down"] == 3 * 3_600)
    #expect(sums.reduce(0) { $0 + $1.value } == row["capacity"] as? Int)
    let text = try CommandLineRun("account", "--cluster", "northquay-a", data: folder.data)
    #expect(text.out.contains("capacity × time =") && text.out.contains("unobserved"))
    let korean = try CommandLineRun("account", "--lang", "ko", data: folder.data)
    #expect(korean.out.contains("용량 × 시간 =") && korean.out.contains("미계측"))
    let wrong = try CommandLineRun("account", "--month", "2026-13", data: folder.data)
    #expect(wrong.exitCode == 2 && wrong.error.hasPrefix("MDG-3001"))
    let usage = try CommandLineRun("usage", "--by", "pool", "--json", data: folder.data)
    #expect(try usage.array().isEmpty)
  }

  /// Hours of the first cluster: one GPU down, and one minute of one GPU that nobody observed.
  private func seal(hours: Int64, in folder: String) throws {
    let journal = try Journal(folder: folder)
    let cluster = ClusterID(1)
    // Saltmarsh is half an hour off: so are its hours.
    let days = try #require(journal.programme.charter?.days)
    var hour = try #require(days.hour(of: journal.programme.now))
    let model = journal.programme.clusters[cluster].model
    for _ in 0..<hours {
      hour = hour.next
      let capacity = journal.programme.capacity(of: cluster, in: hour)
      let rows = [
        (Account.unallocated, capacity - GPUSeconds(3_660)), (.down, GPUSeconds(3_600)),
        (.unobserved, GPUSeconds(60)),
      ].map { AccountRow(account: $0.0, allocation: nil, seconds: $0.1) }
      let statement = UsageStatement(
        cluster: cluster, model: model, hour: hour,
        totals: HourTotals(capacity: capacity, rows: rows, contradicted: .zero), segments: 0,
        root: SHA256.empty, corrects: nil)
      let person = try #require(PersonID(1))
      let replies = try journal.submit([
        Request(Envelope(by: person, received: hour.end, command: .sealStatement(statement)))
      ])
      guard case .accepted = replies[0] else {
        Issue.record("\(replies[0])")
        return
      }
    }
    try journal.close()
  }
}
