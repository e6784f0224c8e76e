import HTTPTypes
import Hummingbird
import MadangJournal
import MadangProgramme
import MadangViews
import Synchronization

/// How many requests there were, by route, method and status, and how long they took.
final class RequestCounts: Sendable {
  struct Key: Hashable, Comparable, Sendable {
    let route: String
    let method: String
    let status: Int

    static func < (a: Key, b: Key) -> Bool {
      (a.route, a.method, a.status) < (b.route, b.method, b.status)
    }
  }

  struct Sum: Sendable {
    var count: Int64 = 0
    var microseconds: Int64 = 0
  }

  private let sums = Mutex<[Key: Sum]>([:])

  /// Methods are a stranger's to choose: those that no address takes are one.
  static func method(_ method: HTTPRequest.Method) -> String {
    let known: [HTTPRequest.Method] = [.get, .head, .post, .options]
    return known.contains(method) ? method.rawValue : "other"
  }

  /// `route` is a declared one and `method` as ``method(_:)`` says, so that a stranger cannot make
  /// rows.
  func add(route: String, method: String, status: Int, microseconds: Int64) {
    sums.withLock { sums in
      sums[Key(route: route, method: method, status: status), default: Sum()].count += 1
      sums[Key(route: route, method: method, status: status), default: Sum()].microseconds +=
        microseconds
    }
  }

  var rows: [(Key, Sum)] { sums.withLock { $0.sorted { $0.key < $1.key }.map { ($0, $1) } } }
}

/// `GET /metrics` in the text format of Prometheus.
struct MetricsRoute: Sendable {
  let counts: RequestCounts
  let counter: Counter?
  let rates: RateLimits

  func add(to router: Router<OfficeContext>) {
    router.get("metrics") { _, context in
      let text = try rates.work(.address(context.peer)) { self.text }
      return Response(
        status: .ok,
        headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
  }

  private var text: String {
    var text = """
      # HELP madang_http_requests_total Requests answered.
      # TYPE madang_http_requests_total counter

      """
    let rows = counts.rows
    for (key, sum) in rows { text += "madang_http_requests_total\(labels(key)) \(sum.count)\n" }
    text += """
      # HELP madang_http_request_microseconds_total Time spent on them.
      # TYPE madang_http_request_microseconds_total counter

      """
    for (key, sum) in rows {
      text += "madang_http_request_microseconds_total\(labels(key)) \(sum.microseconds)\n"
    }
    return text + programme + work
  }

  /// Whether the office's own work goes on: an address that answers says nothing of that.
  private var work: String {
    guard let counter, counter.programme.charter != nil else { return "" }
    let programme = counter.programme
    var text = """
      # HELP madang_cluster_observed_age_seconds Since a cluster with an engine was looked at last.
      # TYPE madang_cluster_observed_age_seconds gauge

      """
    let now = counter.clock()
    for id in programme.clusters.ids where programme.bindings.row(id)?.engine != nil {
      let until = (try? counter.operations.observedUntil(id)) ?? nil
      let age = until.map { "\(max(0, now.seconds - $0.seconds))" } ?? "NaN"
      text += """
        madang_cluster_observed_age_seconds{cluster="\(programme.clusters[id].slug)"} \(age)

        """
    }
    // A ledger that cannot be read has no figure: it has not lost its heads.
    let unsigned = (try? counter.journal.ledger.newestHead().map(\.size) ?? 0).map {
      "\(max(0, programme.eventCount - $0))"
    }
    let round = counter.pulse?.round
    let age = round.map { "\(max(0, YardClock.machine.seconds - $0.end.seconds))" } ?? "NaN"
    return text + """
      # HELP madang_ledger_unsigned_events Events after the newest signed head.
      # TYPE madang_ledger_unsigned_events gauge
      madang_ledger_unsigned_events \(unsigned ?? "NaN")
      # HELP madang_yard_round_age_seconds Since the office's own work was last done once.
      # TYPE madang_yard_round_age_seconds gauge
      madang_yard_round_age_seconds \(age)
      # HELP madang_yard_troubles Clusters at which something was wrong then.
      # TYPE madang_yard_troubles gauge
      madang_yard_troubles \(round?.troubles ?? 0)

      """
  }

  private func labels(_ key: RequestCounts.Key) -> String {
    "{route=\"\(key.route)\",method=\"\(key.method)\",status=\"\(key.status)\"}"
  }

  /// What everybody may know of the programme.
  private var programme: String {
    guard let programme = counter?.programme,
      let today = programme.charter?.days.day(of: programme.now)
    else { return "" }
    var text = """
      # HELP madang_programme_events Events in the ledger.
      # TYPE madang_programme_events gauge
      madang_programme_events \(programme.eventCount)
      # HELP madang_programme_gpus GPUs by how far they have come.
      # TYPE madang_programme_gpus gauge

      """
    let groups = programme.field(on: today)
    for state in FieldGroup.State.allCases {
      let gpus = groups.filter { $0.state == state }.reduce(0) { $0 + $1.gpus }
      text += "madang_programme_gpus{state=\"\(state.word)\"} \(gpus)\n"
    }
    text += """
      # HELP madang_programme_simulated_gpus Of those in use, what simulated clusters pretend.
      # TYPE madang_programme_simulated_gpus gauge
      madang_programme_simulated_gpus \(programme.gpusInUse.simulated)

      """
    let drifting = programme.allocations.ids.count { programme.allocations[$0].drift != nil }
    text += """
      # HELP madang_allocation_drifts Allocations whose engine holds something else.
      # TYPE madang_allocation_drifts gauge
      madang_allocation_drifts \(drifting)

      """
    return text
  }
}
