/// FGD, and among nodes of one score the one on which least is left, as best fit counts it: ours.
///
/// FGD's scores are coarse, so that every other decision is among equals. Filling the fullest of
/// them keeps more nodes whole for what needs whole ones.
struct TightFGD: Policy {
  private var queue = WaitingLine()
  private var gradient: FragmentGradient

  init(_ jobs: Workload, _ nodes: NodeList) {
    gradient = FragmentGradient(jobs, nodes, prefersTight: true)
  }

  mutating func arrived(_ job: Int, _ world: inout World) { queue.append(job) }

  mutating func evicted(_ job: Int, _ world: inout World) { queue.putBack(job) }

  mutating func decide(_ world: inout World) {
    while let job = queue.first {
      let isPlaced = world.placeByTasks(job) { gradient.best(for: job, $0, $1) }
      guard queue.settle(job, isPlaced, &world) else { return }
    }
  }
}
