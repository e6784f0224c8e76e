internal import MadangProgramme
internal import MadangScheduler

/// Turns names into numbers and tells a scheduler everything; reports what cannot be.
struct ScheduleBuilder {
  private let draft: ScheduleDraft
  private var models: [String] = []
  private var modelNumbers: [String: Int] = [:]
  private var pools: [String: PoolIndex] = [:]
  private var clusterSpecs: [ClusterSpec] = []
  /// Node paths as declared, and their places; the places of names without rack and block, −1 where
  /// one is that of several.
  private var declared: [String] = []
  private var declaredByPath: [String: Int] = [:]
  private var declaredByName: [String: Int] = [:]
  private var jobs: [String: JobIndex] = [:]
  /// Jobs of names with a count, which are `name[0]` and on.
  private var counts: [String: Int64] = [:]
  private var jobNames: [String] = []
  private var assumed = 0
  /// For each node with parts, whether they name their devices. Look-up only.
  private var namesDevices: [NodeIndex: Bool] = [:]

  init(_ draft: ScheduleDraft) { self.draft = draft }

  consuming func build(_ reading: Reading) -> ScheduleCase? {
    var builder = self
    return builder.built(reading)
  }

  private mutating func built(_ reading: Reading) -> ScheduleCase? {
    if draft.clusters.isEmpty {
      reading.fault(
        draft.clustersPlace,
        Wording(ko: "클러스터가 하나도 없습니다.", en: "There is not one cluster."),
        hint: Wording(
          ko: "‘clusters’에 클러스터를 하나 이상 적으십시오.",
          en: "List at least one under ‘clusters’."))
      return nil
    }
    addClusters(reading)
    let specs = poolSpecs(reading)
    let before = reading.faultCount
    let refusals = PoolSpec.overPromises(specs, clusterSpecs, models: models.count)
    for refusal in refusals { faultOverPromise(refusal, reading) }
    guard reading.faultCount == before, specs.count == pools.count else { return nil }
    var scheduler: Scheduler
    do throws(SchedulerRefusal) {
      scheduler = try Scheduler(
        clusters: clusterSpecs, models: models.count, pools: specs, policy: draft.policy,
        now: draft.now)
    } catch {
      reading.fault(place(of: error), error.scheduleFault)
      return nil
    }
    var order = [Int](repeating: 0, count: declared.count)
    var nodes: [String] = []
    for node in 0..<scheduler.nodeCount {
      let place = scheduler.declaredPlace(of: NodeIndex(node))
      order[place] = node
      nodes.append(declared[place])
    }
    addMaintenance(&scheduler, order, reading)
    addLending(&scheduler, reading)
    guard countFits(reading) else { return nil }
    for job in draft.running { add(job, &scheduler, order, reading) }
    for job in draft.waiting { add(job, &scheduler, nil, reading) }
    guard reading.faultCount == 0 else { return nil }
    return ScheduleCase(
      scheduler: scheduler, models: models,
      pools: draft.pools.map(\.name), nodes: nodes, jobs: jobNames, assumedWalltimes: assumed)
  }

  /// Where what a scheduler refuses stands.
  private func place(of refusal: SchedulerRefusal) -> Place {
    switch refusal {
    case .poolTooDeep(let pool), .parentNotBefore(let pool): draft.pools[Int(pool.value)].place
    default: draft.clustersPlace
    }
  }

  // MARK: - Fleet

  private mutating func addClusters(_ reading: Reading) {
    var names: Set<String> = []
    for cluster in draft.clusters {
      if !names.insert(cluster.name).inserted {
        reading.duplicate(cluster.place, cluster.name)
      }
      if cluster.nodes.isEmpty {
        reading.fault(
          cluster.place,
          Wording(
            ko: "클러스터 ‘\(shown(cluster.name))’에 노드가 없습니다.",
            en: "The cluster ‘\(shown(cluster.name))’ has no nodes."),
          hint: Wording(ko: "노드를 적으십시오.", en: "List nodes, or count them."))
      }
      clusterSpecs.append(
        ClusterSpec(
          model: ModelIndex(modelNumber(cluster.model)), nodes: nodeSpecs(cluster, reading)))
    }
  }

  private mutating func modelNumber(_ name: String) -> Int {
    if let known = modelNumbers[name] { return known }
    modelNumbers[name] = models.count
    models.append(name)
    return models.count - 1
  }

  /// A node without a rack or block is in one of its own.
  private mutating func nodeSpecs(
    _ cluster: ScheduleClusterDraft, _ reading: Reading
  ) -> [NodeSpec] {
    var blocks: [String: Int] = [:]
    var racks: [String: Int] = [:]
    var paths: Set<String> = []
    return cluster.nodes.enumerated().map { index, node in
      // Names hold no slash, so that no name can be taken for a place of its own.
      let block = node.block ?? (node.rack.map { "/of \($0)" } ?? "/\(index)")
      let rack = block + "/" + (node.rack ?? "/\(index)")
      let blockNumber = blocks[block] ?? blocks.count
      blocks[block] = blockNumber
      let rackNumber = racks[rack] ?? racks.count
      racks[rack] = rackNumber
      let path = ([cluster.name] + [node.block, node.rack].compactMap { $0 } + [node.name])
        .joined(separator: "/")
      if !paths.insert(path).inserted { reading.duplicate(node.place, path) }
      declaredByPath[path] = declared.count
      let short = "\(cluster.name)/\(node.name)"
      if short != path {
        declaredByName[short] = declaredByName[short] == nil ? declared.count : -1
      }
      declared.append(path)
      return NodeSpec(
        block: blockNumber, rack: rackNumber, gpus: Int(node.gpus), cpuMilli: node.cpuMilli,
        memoryMiB: node.memoryMiB, state: node.state)
    }
  }

  private func node(_ named: Named, _ order: [Int], _ reading: Reading) -> NodeIndex? {
    if let place = declaredByPath[named.name] ?? declaredByName[named.name], place >= 0 {
      return NodeIndex(order[place])
    }
    reading.unknown(named.place, Wording(ko: "노드", en: "node"), named.name, among: declared)
    return nil
  }

  private func addMaintenance(
    _ scheduler: inout Scheduler, _ order: [Int], _ reading: Reading
  ) {
    for window in draft.maintenance {
      let owner = window.pool.flatMap { pools[$0.name] }
      if let named = window.pool, owner == nil {
        reading.unknown(
          named.place, Wording(ko: "풀", en: "pool"), named.name, among: draft.pools.map(\.name))
        continue
      }
      for named in window.nodes {
        guard let node = node(named, order, reading) else { continue }
        do throws(SchedulerRefusal) {
          if let owner {
            try scheduler.reserveNode(node, for: owner, from: window.from, until: window.until)
          } else {
            try scheduler.closeNode(node, from: window.from, until: window.until)
          }
        } catch { reading.fault(window.place, error.scheduleFault) }
      }
    }
  }

  private func addLending(_ scheduler: inout Scheduler, _ reading: Reading) {
    for contract in draft.lending {
      func pool(_ named: Named) -> PoolIndex? {
        if let pool = pools[named.name] { return pool }
        reading.unknown(
          named.place, Wording(ko: "풀", en: "pool"), named.name, among: draft.pools.map(\.name))
        return nil
      }
      guard let lender = pool(contract.lender), let borrower = pool(contract.borrower) else {
        continue
      }
      for figure in contract.gpus {
        guard let model = models.firstIndex(of: figure.model) else {
          reading.unknown(
            figure.place, Wording(ko: "기종", en: "device model"), figure.model, among: models)
          continue
        }
        do throws(SchedulerRefusal) {
          try scheduler.lend(
            LendingSpec(
              lender: lender, borrower: borrower, model: ModelIndex(model), gpus: figure.value,
              until: contract.until, notice: contract.notice, isRecalled: contract.isRecalled))
        } catch { reading.fault(contract.place, error.scheduleFault) }
      }
    }
  }

  // MARK: - Pools

  private mutating func poolSpecs(_ reading: Reading) -> [PoolSpec] {
    var specs: [PoolSpec] = []
    for draft in draft.pools {
      let parts = draft.name.split(separator: "/", omittingEmptySubsequences: false)
      if parts.contains(where: \.isEmpty) {
        reading.fault(
          draft.place,
          Wording(
            ko: "‘\(shown(draft.name))’은(는) 풀 이름이 아닙니다.",
            en: "‘\(shown(draft.name))’ is no pool's name."),
          hint: Wording(ko: "‘부처/팀’처럼 쓰십시오.", en: "Write it like ‘ministry/team’."))
      }
      if pools[draft.name] != nil { reading.duplicate(draft.place, draft.name) }
      var parent: PoolIndex?
      if parts.count > 1 {
        let above = parts.dropLast().joined(separator: "/")
        parent = pools[above]
        if parent == nil {
          reading.fault(
            draft.place,
            Wording(
              ko: "상위 풀 ‘\(shown(above))’이(가) 앞에 없습니다.",
              en: "Its parent ‘\(shown(above))’ does not stand before it."),
            hint: Wording(
              ko: "상위 풀을 먼저 적으십시오. 적는 순서가 만든 순서입니다.",
              en: "Declare the parent first; the order is that of creation."))
        }
      }
      specs.append(spec(draft, parent, reading))
      pools[draft.name] = PoolIndex(specs.count - 1)
    }
    return specs
  }

  private func spec(
    _ draft: SchedulePoolDraft, _ parent: PoolIndex?, _ reading: Reading
  ) -> PoolSpec {
    func row(_ figures: [ModelFigure]) -> [Int64?] {
      var row = [Int64?](repeating: nil, count: models.count)
      for figure in figures {
        if let model = models.firstIndex(of: figure.model) {
          row[model] = figure.value
        } else {
          reading.unknown(
            figure.place, Wording(ko: "기종", en: "device model"), figure.model, among: models)
        }
      }
      return row
    }
    let (guarantee, borrow, lend) = (row(draft.guarantee), row(draft.borrow), row(draft.lend))
    return PoolSpec(
      parent: parent, weight: draft.weight, priority: Int32(draft.priority),
      quotas: models.indices.map {
        Quota(guarantee: guarantee[$0] ?? 0, borrow: borrow[$0], lend: lend[$0])
      }, usage: row(draft.usage).map { $0 ?? 0 }, budget: row(draft.budget),
      minRunTime: draft.minRunTime, order: draft.order)
  }

  /// More is guaranteed below a pool, or below the fleet, than is there.
  private func faultOverPromise(_ refusal: SchedulerRefusal, _ reading: Reading) {
    guard case .guaranteesAboveParent(let pool, let model, let sum, let available) = refusal else {
      return reading.fault(draft.clustersPlace, refusal.scheduleFault)
    }
    let name = models[Int(model.value)]
    let parent = pool.map { draft.pools[Int($0.value)] }
    let whose = parent.map { shown($0.name) }
    reading.fault(
      parent?.place ?? draft.pools[0].place,
      Wording(
        ko: whose.map {
          "‘\($0)’ 아래 \(name) 보장의 합 \(sum)이(가) 그 보장 \(available)보다 많습니다."
        } ?? "보장의 합 \(sum)이(가) \(name) 전체 \(available)보다 많습니다.",
        en: whose.map {
          "Below ‘\($0)’ \(sum) \(name) are guaranteed, above its own \(available)."
        } ?? "Guarantees of \(sum) \(name) exceed the \(available) that there are."),
      hint: Wording(
        ko: "보장은 하위 풀 전체의 몫입니다. 합을 줄이십시오.",
        en: "A guarantee is a pool's whole subtree: lower the sum."))
  }

  // MARK: - Jobs

  /// A line is short, whatever its `count`: all of them together are bounded before the first job
  /// is made.
  private func countFits(_ reading: Reading) -> Bool {
    var total: Int64 = 0
    for job in draft.waiting {
      total += job.count
      guard total > Int64(ScheduleDraft.itemsMax) else { continue }
      reading.fault(
        job.place,
        Wording(
          ko: "작업이 \(ScheduleDraft.itemsMax)개보다 많습니다.",
          en: "Here the jobs become more than \(ScheduleDraft.itemsMax)."),
        hint: Wording(ko: "‘count’를 줄이십시오.", en: "Lower a ‘count’."))
      return false
    }
    return true
  }

  private mutating func add(
    _ job: ScheduleJobDraft, _ scheduler: inout Scheduler, _ order: [Int]?, _ reading: Reading
  ) {
    guard let pool = pools[job.pool] else {
      reading.unknown(
        job.place, Wording(ko: "풀", en: "pool"), job.pool, among: draft.pools.map(\.name))
      return
    }
    var placed: [(node: NodeIndex, tasks: Int32)] = []
    var devices: [Int] = []
    if let order {
      guard let places = self.placed(job, order, reading) else { return }
      (placed, devices) = places
    }
    guard let models = modelsOf(job, placed, scheduler, reading) else { return }
    let after = job.after.compactMap { named -> JobIndex? in
      if let other = jobs[named.name] { return other }
      if draft.hasAllJobs { unknownJob(named, reading) }
      return nil
    }
    let shape = Shape(
      tasks: Int32(job.tasks), gpusPerTask: Int32(job.gpusPerTask),
      gpuMilliPerTask: Int32(job.gpuMilliPerTask ?? 0),
      cpuMilliPerTask: job.cpuMilliPerTask, memoryMiBPerTask: job.memoryMiBPerTask,
      models: models, topology: job.topology, slices: job.slices, balanced: job.balanced,
      tasksMax: job.tasksMax.map { Int32($0) }, isIndifferent: !job.prefersFirst)
    if job.count > 1 { counts[job.name] = job.count }
    for index in 0..<job.count {
      let name = job.count == 1 ? job.name : "\(job.name)[\(index)]"
      if jobs[name] != nil { reading.duplicate(job.place, name) }
      if job.walltime == nil { assumed += 1 }
      do throws(SchedulerRefusal) {
        let spec = JobSpec(
          pool: pool, shape: try scheduler.shape(shape), walltime: job.walltime,
          priority: Int32(job.priority), preemptible: job.preemptible,
          minRunTime: job.minRunTime, notice: job.notice,
          checkpointInterval: job.checkpointInterval, notBefore: job.notBefore,
          deadline: job.deadline, after: after)
        jobs[name] =
          order == nil
          ? try scheduler.submit(spec)
          : try scheduler.adopt(
            spec, on: placed, devices: devices, startedAt: job.startedAt,
            checkpointAt: job.checkpointAt)
        jobNames.append(name)
      } catch {
        reading.fault(
          job.place, devices.isEmpty ? error.scheduleFault : error.scheduleFaultOfDevice)
      }
    }
  }

  /// A job to wait for that does not stand before: none of that name, or several.
  private func unknownJob(_ named: Named, _ reading: Reading) {
    let what = Wording(ko: "앞에 적힌 작업", en: "job before this one")
    guard let count = counts[named.name] else {
      reading.unknown(named.place, what, named.name, among: jobNames)
      return
    }
    reading.unknown(
      named.place, what, named.name,
      hint: Wording(
        ko: "‘\(shown(named.name))’은(는) \(count)개이므로 ‘\(shown(named.name))[0]’부터 "
          + "‘\(shown(named.name))[\(count - 1)]’까지 있습니다.",
        en: "There are \(count) of it: ‘\(shown(named.name))[0]’ to "
          + "‘\(shown(named.name))[\(count - 1)]’."))
  }

  /// Device models by name; all that there are where none is named, and the node's for a job that
  /// runs.
  private func modelsOf(
    _ job: ScheduleJobDraft, _ placed: [(node: NodeIndex, tasks: Int32)],
    _ scheduler: borrowing Scheduler, _ reading: Reading
  ) -> [ModelIndex]? {
    guard let named = job.models else {
      if let first = placed.first { return [scheduler.model(of: first.node)] }
      return models.indices.map { ModelIndex($0) }
    }
    var result: [ModelIndex] = []
    for name in named {
      if let model = models.firstIndex(of: name.name) {
        result.append(ModelIndex(model))
      } else {
        reading.unknown(
          name.place, Wording(ko: "기종", en: "device model"), name.name, among: models)
      }
    }
    return result.count == named.count ? result : nil
  }

  /// Where a running job's tasks are: as said, or one on each name, or evenly over the names with
  /// what is left over on the first. And the device of each, where they are parts that name it.
  private mutating func placed(
    _ job: ScheduleJobDraft, _ order: [Int], _ reading: Reading
  ) -> (on: [(node: NodeIndex, tasks: Int32)], devices: [Int])? {
    struct Spot: Hashable {
      var node: NodeIndex
      var device: Int?
    }
    // Counted wider than it is told: the same node may stand here however often.
    var placed: [(spot: Spot, tasks: Int64)] = []
    var numbers: [Spot: Int] = [:]
    let count = Int64(job.nodes.count)
    guard count > 0 else {
      reading.fault(job.place, SchedulerRefusal.placement.scheduleFault)
      return nil
    }
    for (index, entry) in job.nodes.enumerated() {
      guard let node = node(entry.node, order, reading) else { return nil }
      if job.gpuMilliPerTask != nil, !agrees(entry, node, job.nodes[0], reading) { return nil }
      let even = job.tasks / count + (Int64(index) < job.tasks % count ? 1 : 0)
      let (spot, tasks) = (Spot(node: node, device: entry.device), entry.tasks ?? even)
      if let known = numbers[spot] {
        placed[known].tasks += tasks
      } else {
        numbers[spot] = placed.count
        placed.append((spot, tasks))
      }
    }
    guard placed.allSatisfy({ $0.tasks <= Int64(SchedulerLimits.tasksMax) }) else {
      reading.fault(job.place, SchedulerRefusal.placement.scheduleFault)
      return nil
    }
    return (placed.map { ($0.spot.node, Int32($0.tasks)) }, placed.compactMap(\.spot.device))
  }

  /// Whether parts name their device as the others of their job and on their node do: where some
  /// name theirs, the rule for those that don't might take it.
  private mutating func agrees(
    _ entry: PlacedNode, _ node: NodeIndex, _ first: PlacedNode, _ reading: Reading
  ) -> Bool {
    let isNamed = entry.device != nil
    let others = namesDevices[node] ?? (first.device != nil)
    namesDevices[node] = others
    if isNamed == others, isNamed == (first.device != nil) { return true }
    reading.fault(
      entry.node.place,
      Wording(
        ko: "‘\(shown(entry.node.name))’에서 device를 적은 조각과 적지 않은 조각이 섞여 있습니다.",
        en: "On ‘\(shown(entry.node.name))’ some parts name their device and others don't."),
      hint: Wording(
        ko: "한 작업과 한 노드에서는 모두 적거나 모두 적지 마십시오.",
        en: "Of a job, and on a node, all name it or none."))
    return false
  }
}

extension Reading {
  fileprivate func duplicate(_ place: Place, _ name: String) {
    fault(
      place,
      Wording(
        ko: "‘\(shown(name))’ 이름이 이미 있습니다.", en: "There already is a ‘\(shown(name))’."),
      hint: Wording(ko: "다른 이름을 주십시오.", en: "Give it another name."))
  }

  fileprivate func unknown(
    _ place: Place, _ kind: Wording, _ name: String, among names: [String]
  ) {
    let hint =
      near(name, among: names).map(didYouMean)
      ?? Wording(ko: "이 파일에 적힌 이름을 쓰십시오.", en: "Use a name that this file declares.")
    unknown(place, kind, name, hint: hint)
  }

  fileprivate func unknown(_ place: Place, _ kind: Wording, _ name: String, hint: Wording) {
    fault(
      place,
      Wording(
        ko: "\(kind.ko) ‘\(shown(name))’이(가) 없습니다.",
        en: "There is no \(kind.en) ‘\(shown(name))’."), hint: hint)
  }

  fileprivate func fault(_ place: Place, _ words: (message: Wording, hint: Wording)) {
    fault(place, words.message, hint: words.hint)
  }
}
