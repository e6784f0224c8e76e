import Testing

@testable import MadangProgramme

/// An hour told in lines: facts, and under `=` where its GPU-seconds went. Times are seconds of the
/// hour, and may lie outside it.
///
/// ```
/// capacity 64 at=0             observed 0..3600
/// devices up=56 down=8 at=0    operator 8 at=0
/// award 1 gpus=32 ready=32 at=0     award 2 gpus=8 ready=8 lent=    (of what another lends it)
/// use 1 16 0..1800             use - 8 100..200      (allocation, GPUs, span)
/// = used 1 28800
/// = unallocated 100800
/// = contradicted 0
/// ```
/// `= contradicted` is left out where it is 0.
struct HourTable {
  static let hour = Hour(of: Instant(492_335 * 3_600))
  private(set) var facts = HourFacts(
    cluster: ClusterID(1), model: DeviceModelID(1), hour: hour, capacity: .zero)
  private var jobs: UInt64 = 0

  static func at(_ seconds: Int64) -> Instant { Instant(hour.start.seconds + seconds) }

  mutating func take(_ line: String) {
    let words = line.split(separator: " ").map(String.init)
    let rest = words.dropFirst().filter { !$0.contains("=") }
    var options: [String: Int64] = [:]
    for word in words where word.contains("=") {
      let parts = word.split(separator: "=").map(String.init)
      options[parts[0]] = parts.count > 1 ? Int64(parts[1]) : nil
    }
    let at = HourTable.at(options["at"] ?? 0)
    switch words[0] {
    case "capacity": facts.capacity.set(Int64(rest[0])!, from: at)
    case "operator": facts.operatorShare.set(Int64(rest[0])!, from: at)
    case "observed":
      let (from, to) = HourTable.span(rest[0])
      facts.coverage.set(1, from: from)
      facts.coverage.set(0, from: to)
    case "devices":
      facts.up.set(options["up"] ?? 0, from: at)
      facts.down.set(options["down"] ?? 0, from: at)
      facts.maintenance.set(options["maintenance"] ?? 0, from: at)
      facts.preparing.set(options["preparing"] ?? 0, from: at)
    case "award":
      award(AllocationID(Int(rest[0])!), options, at, isLent: words.contains("lent="))
    case "use": use(rest)
    default: preconditionFailure("an hour does not know \(line)")
    }
  }

  private mutating func award(
    _ allocation: AllocationID, _ options: [String: Int64], _ at: Instant, isLent: Bool
  ) {
    var index = facts.reservations.firstIndex { $0.allocation == allocation }
    if index == nil {
      facts.reservations.append(
        HourFacts.Reservation(
          allocation: allocation, gpus: .zero, ready: .zero, isLent: isLent))
      facts.reservations.sort { $0.allocation < $1.allocation }
      index = facts.reservations.firstIndex { $0.allocation == allocation }
    }
    guard let index else { return }
    if let gpus = options["gpus"] { facts.reservations[index].gpus.set(gpus, from: at) }
    if let ready = options["ready"] { facts.reservations[index].ready.set(ready, from: at) }
  }

  private mutating func use(_ words: [String]) {
    let (from, to) = HourTable.span(words[2])
    jobs += 1
    facts.segments.append(
      UsageSegment(
        key: UsageKey(cluster: ClusterID(1), job: EngineJob(high: 0, low: jobs), number: 0),
        allocation: Int(words[0]).map { AllocationID($0) }, model: DeviceModelID(1),
        gpus: Int32(words[1])!, from: from, to: to))
  }

  private static func span(_ text: String) -> (Instant, Instant) {
    let ends = text.split(separator: ".").map { Int64($0)! }
    return (at(ends[0]), at(ends[1]))
  }

  static func said(_ totals: HourTotals) -> [String] {
    var lines = totals.rows.map { row in
      let name = row.allocation.map { " \($0.number)" } ?? (row.account.isSomebodys ? " -" : "")
      return "= \(row.account.rawValue)\(name) \(row.seconds.count)"
    }
    if totals.contradicted != .zero { lines.append("= contradicted \(totals.contradicted.count)") }
    return lines
  }
}

/// Runs an hour and compares where its GPU-seconds went with what stands under it.
func checkHour(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) {
  var table = HourTable()
  let lines = script.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
    .filter { !$0.isEmpty }.map(String.init)
  for line in lines where !line.hasPrefix("=") { table.take(line) }
  let totals = HourClosing.totals(of: table.facts)
  let text = difference(lines.filter { $0.hasPrefix("=") }, HourTable.said(totals))
  if let text {
    Issue.record("the hour went elsewhere:\n\(text)", sourceLocation: sourceLocation)
  }
  let sum = totals.rows.reduce(GPUSeconds.zero) { $0 + $1.seconds }
  let hour = HourTable.hour
  let capacity = table.facts.capacity.integral(from: hour.start, to: hour.end)
  #expect(sum == totals.capacity && sum.count == capacity, sourceLocation: sourceLocation)
}
