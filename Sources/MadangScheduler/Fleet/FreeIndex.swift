/// Free GPUs by node and by domain, for questions that must not scan the fleet.
///
///     bits[f]       one bit a node: it is open and exactly f of its GPUs are free   (f = 0…16)
///     summary[f]    one bit a word of bits[f] that is not zero
///     histogram[d]  for each rack, block and cluster, how many of its nodes have f free
///     free[d]       the free GPUs of its open nodes
///
/// A change of one node costs three domains and two words. Only nodes that may take work are in it.
struct FreeIndex: Sendable {
  static let counts = SchedulerLimits.gpusPerNodeMax + 1

  private let words: Int
  private let summaryWords: Int
  private var bits: [UInt64]
  private var summary: [UInt64]
  private(set) var histogram: [Int32]
  private(set) var free: [Int32]

  init(_ topology: Topology) {
    words = (topology.nodeCount + 63) / 64
    summaryWords = (words + 63) / 64
    bits = Array(repeating: 0, count: FreeIndex.counts * words)
    summary = Array(repeating: 0, count: FreeIndex.counts * summaryWords)
    histogram = Array(repeating: 0, count: topology.domainCount * FreeIndex.counts)
    free = Array(repeating: 0, count: topology.domainCount)
  }

  /// Adds a node that has `count` GPUs free.
  mutating func insert(_ node: Int, _ count: Int, _ topology: Topology) {
    set(node, count)
    adjust(node, count, by: 1, topology)
  }

  mutating func remove(_ node: Int, _ count: Int, _ topology: Topology) {
    clear(node, count)
    adjust(node, count, by: -1, topology)
  }

  mutating func move(_ node: Int, from old: Int, to new: Int, _ topology: Topology) {
    if old == new { return }
    clear(node, old)
    set(node, new)
    let rack = Int(topology.rackOfNode[node])
    let block = Int(topology.blockOfRack[rack])
    let cluster = Int(topology.clusterOfBlock[block])
    shift(rack, old, new)
    shift(topology.domain(ofBlock: block), old, new)
    shift(topology.domain(ofCluster: cluster), old, new)
  }

  private mutating func shift(_ domain: Int, _ old: Int, _ new: Int) {
    let row = domain * FreeIndex.counts
    histogram[row + old] -= 1
    histogram[row + new] += 1
    free[domain] += Int32(new - old)
  }

  private mutating func adjust(_ node: Int, _ count: Int, by one: Int32, _ topology: Topology) {
    let rack = Int(topology.rackOfNode[node])
    let block = Int(topology.blockOfRack[rack])
    let cluster = Int(topology.clusterOfBlock[block])
    add(rack, count, one)
    add(topology.domain(ofBlock: block), count, one)
    add(topology.domain(ofCluster: cluster), count, one)
  }

  private mutating func add(_ domain: Int, _ count: Int, _ one: Int32) {
    histogram[domain * FreeIndex.counts + count] += one
    free[domain] += one * Int32(count)
  }

  private mutating func set(_ node: Int, _ count: Int) {
    let word = node >> 6
    bits[count * words + word] |= 1 << UInt64(node & 63)
    summary[count * summaryWords + word >> 6] |= 1 << UInt64(word & 63)
  }

  private mutating func clear(_ node: Int, _ count: Int) {
    let word = node >> 6
    bits[count * words + word] &= ~(1 << UInt64(node & 63))
    if bits[count * words + word] == 0 {
      summary[count * summaryWords + word >> 6] &= ~(1 << UInt64(word & 63))
    }
  }

  /// How many nodes of a domain have exactly `count` free.
  func nodes(_ domain: Int, free count: Int) -> Int32 {
    histogram[domain * FreeIndex.counts + count]
  }

  /// How many tasks of `gpus` each the domain holds, by GPUs alone; at most `limit` is counted.
  func tasks(_ domain: Int, gpus: Int, nodeMax: Int) -> Int32 {
    let row = domain * FreeIndex.counts
    if gpus > nodeMax { return 0 }
    var sum: Int32 = 0
    var count = gpus
    while count <= nodeMax {
      sum += histogram[row + count] * Int32(count / gpus)
      count += 1
    }
    return sum
  }

  /// The first node of a range with exactly `count` free.
  func first(free count: Int, in range: Range<Int>) -> Int? {
    if range.isEmpty { return nil }
    let base = count * words
    var word = range.lowerBound >> 6
    var value = bits[base + word] & (~0 << UInt64(range.lowerBound & 63))
    if value == 0 {
      guard let next = nextWord(count, after: word) else { return nil }
      word = next
      value = bits[base + word]
    }
    let node = word << 6 + value.trailingZeroBitCount
    return node < range.upperBound ? node : nil
  }

  private func nextWord(_ count: Int, after word: Int) -> Int? {
    let base = count * summaryWords
    var index = (word + 1) >> 6
    if index >= summaryWords { return nil }
    var value = summary[base + index] & (~0 << UInt64((word + 1) & 63))
    while value == 0 {
      index += 1
      if index == summaryWords { return nil }
      value = summary[base + index]
    }
    return index << 6 + value.trailingZeroBitCount
  }
}
