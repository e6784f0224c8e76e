/// Which job is on which node with how many GPUs: one row for each pair, or for each device that
/// its tasks share, in two chains.
///
///     row: job, node, gpus or device and part, tasks · next of the job · next, previous of node
///
/// Adding and removing a job costs its nodes; rows are used again. A job's rows stand in the order
/// in which they were added.
struct Residences: Sendable {
  struct Row: Sendable {
    var job: Int32
    var node: Int32
    /// Whole devices; 0 where its tasks have parts of one.
    var gpus: Int32
    var tasks: Int32
    /// The opened device that it has a part of, −1 for none, and the thousandths of it.
    var device: Int16
    var milli: Int16
    var nextOfJob: Int32
    var nextOnNode: Int32
    var previousOnNode: Int32
  }

  private(set) var rows: [Row] = []
  private var firstFree: Int32 = -1
  private(set) var firstOnNode: [Int32]

  init(nodes: Int) { firstOnNode = Array(repeating: -1, count: nodes) }

  /// Adds a job's share of a node before the shares `head`; gives the new first one.
  mutating func add(job: Int32, _ place: Place, _ shape: Shape, before head: Int32) -> Int32 {
    let node = place.node
    let top = firstOnNode[Int(node)]
    let row = Row(
      job: job, node: node, gpus: place.tasks * shape.gpusPerTask, tasks: place.tasks,
      device: Int16(place.device), milli: Int16(place.tasks * shape.gpuMilliPerTask),
      nextOfJob: head, nextOnNode: top, previousOnNode: -1)
    let at: Int32
    if firstFree >= 0 {
      at = firstFree
      firstFree = rows[Int(at)].nextOfJob
      rows[Int(at)] = row
    } else {
      at = Int32(rows.count)
      rows.append(row)
    }
    if top >= 0 { rows[Int(top)].previousOnNode = at }
    firstOnNode[Int(node)] = at
    return at
  }

  /// Removes the row and gives the job's next one.
  mutating func remove(_ at: Int32) -> Int32 {
    let row = rows[Int(at)]
    if row.previousOnNode >= 0 {
      rows[Int(row.previousOnNode)].nextOnNode = row.nextOnNode
    } else {
      firstOnNode[Int(row.node)] = row.nextOnNode
    }
    if row.nextOnNode >= 0 { rows[Int(row.nextOnNode)].previousOnNode = row.previousOnNode }
    rows[Int(at)].nextOfJob = firstFree
    rows[Int(at)].job = -1
    firstFree = at
    return row.nextOfJob
  }
}
