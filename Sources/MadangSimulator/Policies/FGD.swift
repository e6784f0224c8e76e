/// Fragmentation gradient descent (Weng et al., USENIX ATC 2023): a job goes where the fragments of
/// the typical jobs grow least. Scores are whole hundredths, as in the paper's simulator, so that
/// many are equal; of equals the highest number is taken (the source leaves that open).
struct FGD: Policy {
  private var queue = WaitingLine()
  private var gradient: FragmentGradient

  init(_ jobs: Workload, _ nodes: NodeList) {
    gradient = FragmentGradient(jobs, nodes, prefersTight: false)
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
