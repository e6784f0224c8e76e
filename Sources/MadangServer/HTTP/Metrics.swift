import HTTPTypes
import Hummingbird
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
    return text + programme
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
