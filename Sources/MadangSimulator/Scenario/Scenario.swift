/// A future that nobody has lived: a fleet that grows, pools that ask, nodes that fail. Its seed
/// decides everything that is drawn. What comes of it is *simulated*.
///
/// Drawn by plain rules: arrivals lie anywhere in their day; a day has its part of the year's jobs
/// by the demand of that day; a job is of a kind and a pool by weight, of one of the kind's sizes,
/// and runs for a time that is uniform in its logarithm; failures lie anywhere in the time on any
/// node, as many as the rate gives for all nodes; one that hits a node which is out, or not there
/// yet, is none.
public struct Scenario: Sendable {
  public struct Cluster: Sendable {
    public var name: String
    public var model: String
    public var nodes: Int
    public var gpusPerNode: Int32

    public init(name: String, model: String, nodes: Int, gpusPerNode: Int32) {
      self.name = name
      self.model = model
      self.nodes = nodes
      self.gpusPerNode = gpusPerNode
    }
  }

  /// The last of a cluster's nodes that are not there from the first day on.
  public struct Delivery: Sendable {
    public var cluster: Int
    public var day: Int
    public var nodes: Int

    public init(cluster: Int, day: Int, nodes: Int) {
      self.cluster = cluster
      self.day = day
      self.nodes = nodes
    }
  }

  public struct Pool: Sendable {
    public var name: String
    public var weight: Int64
    /// Higher is served first, before weight.
    public var priority: Int32
    /// Devices by model, in the order of `models`.
    public var guarantees: [Int64]
    /// Its part of the arrivals, against the others'.
    public var arrivals: Int

    public init(
      name: String, weight: Int64, priority: Int32 = 0, guarantees: [Int64], arrivals: Int
    ) {
      self.name = name
      self.weight = weight
      self.priority = priority
      self.guarantees = guarantees
      self.arrivals = arrivals
    }
  }

  public struct Kind: Sendable {
    public var weight: Int
    public var gpus: [Int32]
    public var minutes: ClosedRange<Int64>

    public init(weight: Int, gpus: [Int32], minutes: ClosedRange<Int64>) {
      self.weight = weight
      self.gpus = gpus
      self.minutes = minutes
    }
  }

  /// From a day on, arrivals in per cent of the usual; of one pool, or of all.
  public struct Shift: Sendable {
    public var day: Int
    public var percent: Int
    public var pool: Int?

    public init(day: Int, percent: Int, pool: Int?) {
      self.day = day
      self.percent = percent
      self.pool = pool
    }
  }

  /// Each node is closed for some hours once in so many days, in batches one after the other.
  public struct Maintenance: Sendable {
    public var everyDays: Int
    public var hours: Int
    public var batches: Int

    public init(everyDays: Int, hours: Int, batches: Int) {
      self.everyDays = everyDays
      self.hours = hours
      self.batches = batches
    }
  }

  public var name = ""
  public var seed: UInt64 = 1
  public var days = 1
  public var clusters: [Cluster] = []
  public var deliveries: [Delivery] = []
  public var pools: [Pool] = []
  public var jobsPerDay = 0
  public var kinds: [Kind] = []
  public var shifts: [Shift] = []
  /// Interruptions in a million days of a device. Llama 3 on 16,384 H100 had 466 in 54 days: 527;
  /// the unexpected ones alone: 474.
  public var failuresPerMillionGPUDays = 0
  public var repairHours = 0
  public var maintenance: Maintenance?
  /// What an evicted job keeps: its work up to the last of checkpoints so far apart; 0: nothing.
  public var checkpointMinutes = 0
  /// Where jobs are drawn from instead of `kinds`: sizes and run times of a trace, together; sizes
  /// multiplied, run times multiplied in per cent.
  public var shapes: Workload?
  public var sizeFactor: Int32 = 1
  public var timePercent: Int64 = 100

  public init() {}

  public var models: [String] {
    clusters.reduce(into: []) { names, cluster in
      if !names.contains(cluster.model) { names.append(cluster.model) }
    }
  }

  static let day: Int64 = 86_400
}
