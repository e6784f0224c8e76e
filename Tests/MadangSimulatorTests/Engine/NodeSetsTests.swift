import Testing

@testable import MadangSimulator

/// Sets of nodes as bits with summaries above them.
struct NodeSetsTests {
  @Test(arguments: [1, 64, 65, 5_000, 300_000])
  func `walking a set gives its nodes in ascending order`(nodes: Int) {
    var generator = SeededGenerator(seed: UInt64(nodes))
    for _ in 0..<20 {
      var sets = NodeSets(sets: 2, nodes: nodes)
      var members: Set<Int> = []
      for _ in 0..<generator.draw(0...40) {
        // Near to each other as well as far apart.
        let node = min(nodes - 1, generator.draw(0...(nodes - 1)) >> generator.draw(0...10))
        sets.insert(node, into: 1)
        members.insert(node)
        if generator.draw(0...3) == 0, let gone = members.min() {
          sets.remove(gone, from: 1)
          members.remove(gone)
        }
      }
      var walked: [Int] = []
      var node = sets.first(in: 1)
      while node >= 0 {
        walked.append(node)
        node = sets.next(in: 1, after: node)
      }
      #expect(walked == members.sorted())
      #expect(sets.first(in: 0) == -1 && sets.next(in: 0, after: 0) == -1)
      for probe in 0..<min(nodes, 200) {
        let next = members.filter { $0 > probe }.min() ?? -1
        #expect(sets.next(in: 1, after: probe) == next)
      }
    }
  }
}
