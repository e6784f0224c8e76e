import MadangJournal
import MadangProgramme
import Testing

struct FrontierTests {
  @Test func `a frontier has the root of every size on its way`() throws {
    let vectors = try MerkleVectors.committed.get()
    var frontier = Frontier()
    for (size, leaf) in LeafSource(70).leaves.enumerated() {
      #expect(frontier.size == size)
      #expect(frontier.root == vectors.roots[size], "size \(size)")
      frontier.append(leaf)
    }
    #expect(frontier.root == vectors.roots[70])
  }

  // Three tile levels, with partial tiles of every kind at the end: 4,660 is 0x1234.
  @Test(arguments: [0, 1, 15, 16, 17, 255, 256, 257, 4_095, 4_096, 4_660])
  func `stored tiles answer every node and carry the frontier on`(size: Int) throws {
    let leaves = LeafSource(size + 20)
    let stored = StoredTree()
    for leaf in leaves.leaves.prefix(size) { stored.append(leaf) }

    for level in 0..<13 {
      for index in 0..<(size >> level) where level > 3 || index % 7 == 0 || index > size - 20 {
        stored.reads = 0
        #expect(
          try stored.source.node(level: level, index: index)
            == leaves.node(level: level, index: index), "level \(level), index \(index)")
        #expect(stored.reads <= 9)
      }
    }

    let replayed = try Frontier(size: size, replaying: stored.source)
    let restored = try Frontier(size: size, partials: stored.frontier.partials)
    #expect(replayed.partials == stored.frontier.partials)
    for var frontier in [replayed, restored] {
      #expect(frontier.root == stored.frontier.root)
      for (count, leaf) in leaves.leaves.dropFirst(size).enumerated() {
        frontier.append(leaf)
        #expect(try frontier.root == MerkleTree.root(size: size + count + 1, in: leaves))
      }
    }
  }

  @Test func `a tile's root is the node above it`() throws {
    let stored = StoredTree()
    let leaves = LeafSource(512)
    for leaf in leaves.leaves { stored.append(leaf) }
    #expect(stored.tile(level: 0, number: 31).hashes == Array(leaves.leaves[496..<512]))
    #expect(try stored.tile(level: 0, number: 31).root == leaves.node(level: 4, index: 31))
    #expect(
      try stored.tile(level: 1, number: 1).hashes
        == (16..<32).map { try leaves.node(level: 4, index: $0) })
    #expect(try stored.tile(level: 1, number: 1).root == leaves.node(level: 8, index: 1))
  }

  @Test func `proofs from tiles verify at sizes past and present`() throws {
    let stored = StoredTree()
    for leaf in LeafSource(1_000).leaves { stored.append(leaf) }
    let source = stored.source
    for size in [1, 16, 255, 256, 300, 511, 999, 1_000] {
      let root = try MerkleTree.root(size: size, in: source)
      for leaf in stride(from: 0, to: size, by: 37) {
        let proof = try MerkleTree.inclusionProof(leaf: leaf, size: size, in: source)
        #expect(
          MerkleTree.verifyInclusion(
            of: SHA256.leaf(Array("leaf \(leaf)".utf8)), at: leaf, size: size, proof: proof,
            root: root), "leaf \(leaf) of \(size)")
      }
      let proof = try MerkleTree.consistencyProof(from: size, to: 1_000, in: source)
      #expect(
        MerkleTree.verifyConsistency(
          from: size, to: 1_000, oldRoot: root, newRoot: stored.frontier.root, proof: proof))
    }
  }

  @Test func `what doesn't fit the size isn't restored`() {
    let hash = SHA256.empty
    for partials in [[], [[hash]], [[hash], []], [[], [hash]], [[hash, hash], [hash]]] {
      #expect(throws: TreeError.partialsDoNotFit(size: 0x11)) {
        try Frontier(size: 0x11, partials: partials)
      }
    }
    #expect(throws: TreeError.malformedTile(level: 1, number: 2)) {
      try Tile(level: 1, number: 2, bytes: [1, 2, 3], root: hash)
    }
  }

  @Test func `a missing tile is named`() {
    let source = TileSource(tile: { _, _ in nil }, leaf: { _ in SHA256.empty })
    #expect(throws: TreeError.missingTile(level: 0, number: 3)) {
      try source.node(level: 4, index: 3)
    }
  }
}
