internal import MadangProgramme
internal import MadangScheduler

/// A schedule file as it is written, names and all.
struct ScheduleDraft {
  var now: Int64 = 0
  var policy = Policy()
  var clusters: [ScheduleClusterDraft] = []
  var clustersPlace: Place
  var pools: [SchedulePoolDraft] = []
  var running: [ScheduleJobDraft] = []
  var waiting: [ScheduleJobDraft] = []
  var lending: [ScheduleLendingDraft] = []
  var maintenance: [ScheduleMaintenanceDraft] = []

  /// Whether every cluster and pool could be read, so that names can be looked for among them; and
  /// every job.
  var hasAllNames = true
  var hasAllJobs = true

  /// More than any file of 4 MiB holds.
  static let itemsMax = 200_000

  init?(_ value: Value) {
    guard
      let fields = value.fields(
        ["clusters", "pools"],
        optional: [
          "now", "policy", "running", "waiting", "maintenance", "reservations",
          "lending",
        ])
    else { return nil }
    clustersPlace = fields["clusters"]?.place ?? value.place
    now = fields["now"]?.moment() ?? 0
    if let value = fields["policy"] { policy = value.schedulePolicy() }
    func list<Item>(
      _ key: String, _ isComplete: inout Bool, _ read: (Value) -> Item?
    ) -> [Item] {
      guard let value = fields[key] else { return [] }
      let batch = value.list(limit: ScheduleDraft.itemsMax, read) ?? .unread
      isComplete = isComplete && batch.complete
      return batch.items
    }
    hasAllNames = fields["clusters"] != nil && fields["pools"] != nil
    clusters = list("clusters", &hasAllNames) { $0.scheduleCluster() }
    pools = list("pools", &hasAllNames) { $0.schedulePool() }
    running = list("running", &hasAllJobs) { $0.scheduleJob(running: true) }
    waiting = list("waiting", &hasAllJobs) { $0.scheduleJob(running: false) }
    lending = list("lending", &hasAllJobs) { $0.lending() }
    maintenance = list("maintenance", &hasAllJobs) { $0.maintenance(for: false) }
    maintenance += list("reservations", &hasAllJobs) { $0.maintenance(for: true) }
  }
}

struct ScheduleNodeDraft {
  var name: String
  var gpus: Int64
  var rack: String?
  var block: String?
  var state: NodeState
  var cpuMilli: Int64?
  var memoryMiB: Int64?
  var place: Place
}

struct ScheduleClusterDraft {
  var name: String
  var model: String
  var nodes: [ScheduleNodeDraft]
  var place: Place
}

struct SchedulePoolDraft {
  var name: String
  var weight: Int64
  var priority: Int64
  var guarantee: [ModelFigure]
  var borrow: [ModelFigure]
  var lend: [ModelFigure]
  var usage: [ModelFigure]
  var budget: [ModelFigure]
  var minRunTime: Int64?
  var order: PoolOrder
  var place: Place
}

/// `b200: 5`.
struct ModelFigure {
  var model: String
  var value: Int64
  var place: Place
}

struct ScheduleJobDraft {
  var name: String
  var pool: String
  var tasks: Int64
  var tasksMax: Int64?
  var gpusPerTask: Int64
  /// Thousandths of one device for each task; nothing where it asks for whole ones.
  var gpuMilliPerTask: Int64?
  var cpuMilliPerTask: Int64
  var memoryMiBPerTask: Int64
  /// Nothing where any will do.
  var models: [Named]?
  var prefersFirst: Bool
  var topology: TopologyWish
  var slices: Slices?
  var balanced: Bool
  var walltime: Int64?
  var priority: Int64
  var preemptible: Bool
  var minRunTime: Int64
  var notice: Int64
  var checkpointInterval: Int64?
  var notBefore: Int64
  var deadline: Int64?
  var after: [Named]
  var count: Int64
  var nodes: [PlacedNode]
  var startedAt: Int64
  var checkpointAt: Int64?
  var place: Place
}

struct ScheduleLendingDraft {
  var lender: Named
  var borrower: Named
  var gpus: [ModelFigure]
  var until: Int64
  var notice: Int64
  var isRecalled: Bool
  var place: Place
}

struct ScheduleMaintenanceDraft {
  var nodes: [Named]
  /// For whom it is reserved; nothing for maintenance.
  var pool: Named?
  var from: Int64
  var until: Int64
  var place: Place
}

/// Where tasks of a running job are.
struct PlacedNode {
  var node: Named
  /// Nothing for as many as on each other.
  var tasks: Int64?
  /// The device of which its tasks have parts, where that is known.
  var device: Int?
}

/// A name where it is used.
struct Named {
  var name: String
  var place: Place
}
