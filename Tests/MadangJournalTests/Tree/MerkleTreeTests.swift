import MadangJournal
import MadangProgramme
import Testing

struct MerkleTreeTests {
  let vectors: MerkleVectors
  let source = LeafSource(70)

  init() throws {
    vectors = try MerkleVectors.committed.get()
  }

  @Test func `the empty tree has the known root`() throws {
    let known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    #expect(try MerkleTree.root(size: 0, in: source).hex == known)
    #expect(Frontier().root.hex == known)
  }

  @Test func `roots are those of the definition`() throws {
    #expect(vectors.roots.count == 71)
    for (size, root) in vectors.roots.enumerated() {
      #expect(try MerkleTree.root(size: size, in: source) == root, "size \(size)")
    }
  }

  @Test func `inclusion proofs are those of the definition, and verify`() throws {
    #expect(vectors.inclusion.count == 332)
    for vector in vectors.inclusion {
      let (leaf, size) = (vector.first, vector.second)
      let proof = try MerkleTree.inclusionProof(leaf: leaf, size: size, in: source)
      #expect(proof == vector.hashes, "leaf \(leaf) of \(size)")
      #expect(
        MerkleTree.verifyInclusion(
          of: source.leaves[leaf], at: leaf, size: size, proof: proof,
          root: vectors.roots[size]), "leaf \(leaf) of \(size)")
    }
  }

  @Test func `consistency proofs are those of the definition, and verify`() throws {
    #expect(vectors.consistency.count == 332)
    for vector in vectors.consistency {
      let (old, new) = (vector.first, vector.second)
      let proof = try MerkleTree.consistencyProof(from: old, to: new, in: source)
      #expect(proof == vector.hashes, "from \(old) to \(new)")
      #expect(
        MerkleTree.verifyConsistency(
          from: old, to: new, oldRoot: vectors.roots[old], newRoot: vectors.roots[new],
          proof: proof), "from \(old) to \(new)")
    }
  }

  @Test func `every tree is consistent with the empty one`() throws {
    let proof = try MerkleTree.consistencyProof(from: 0, to: 9, in: source)
    #expect(proof.isEmpty)
    func verifies(_ oldRoot: Digest) -> Bool {
      MerkleTree.verifyConsistency(
        from: 0, to: 9, oldRoot: oldRoot, newRoot: vectors.roots[9], proof: proof)
    }
    #expect(verifies(SHA256.empty))
    #expect(!verifies(vectors.roots[1]))
  }

  @Test func `a removed, altered or moved leaf changes the root`() {
    func root(_ leaves: [Digest]) -> Digest {
      var frontier = Frontier()
      for leaf in leaves { frontier.append(leaf) }
      return frontier.root
    }
    let leaves = source.leaves
    var roots: Set = [root(leaves)]
    for index in leaves.indices {
      var removed = leaves
      removed.remove(at: index)
      var altered = leaves
      altered[index] = SHA256.leaf([])
      roots.insert(root(removed))
      roots.insert(root(altered))
      if index > 0 {
        var moved = leaves
        moved.swapAt(index, index - 1)
        roots.insert(root(moved))
      }
    }
    #expect(roots.count == 1 + 70 + 70 + 69)
  }

  @Test func `an altered inclusion proof doesn't verify`() throws {
    for vector in vectors.inclusion {
      let (leaf, size, proof) = (vector.first, vector.second, vector.hashes)
      let hash = source.leaves[leaf]
      let root = vectors.roots[size]
      func verifies(
        _ hash: Digest, _ index: Int, _ size: Int, _ proof: [Digest], _ root: Digest
      ) -> Bool {
        MerkleTree.verifyInclusion(of: hash, at: index, size: size, proof: proof, root: root)
      }
      #expect(!verifies(SHA256.empty, leaf, size, proof, root))
      #expect(!verifies(hash, leaf, size, proof, SHA256.empty))
      #expect(!verifies(hash, leaf, size, proof + [root], root))
      #expect(!verifies(hash, size, size, proof, root))
      #expect(!verifies(hash, -1, size, proof, root))
      #expect(!verifies(hash, leaf, leaf, proof, root))
      for index in 0..<size where index != leaf {
        #expect(!verifies(hash, index, size, proof, root), "leaf \(leaf) of \(size) at \(index)")
      }
      for index in proof.indices {
        var altered = proof
        altered[index] = SHA256.empty
        #expect(!verifies(hash, leaf, size, altered, root))
        altered.remove(at: index)
        #expect(!verifies(hash, leaf, size, altered, root))
      }
    }
  }

  @Test func `an altered consistency proof doesn't verify`() throws {
    for vector in vectors.consistency {
      let (old, new, proof) = (vector.first, vector.second, vector.hashes)
      func verifies(_ oldRoot: Digest, _ newRoot: Digest, _ proof: [Digest]) -> Bool {
        MerkleTree.verifyConsistency(
          from: old, to: new, oldRoot: oldRoot, newRoot: newRoot, proof: proof)
      }
      let (oldRoot, newRoot) = (vectors.roots[old], vectors.roots[new])
      #expect(!verifies(SHA256.empty, newRoot, proof))
      #expect(!verifies(oldRoot, SHA256.empty, proof))
      #expect(!verifies(oldRoot, newRoot, proof + [newRoot]))
      #expect(
        !MerkleTree.verifyConsistency(
          from: new + 1, to: new, oldRoot: oldRoot, newRoot: newRoot, proof: proof))
      for index in proof.indices {
        var altered = proof
        altered[index] = SHA256.empty
        #expect(!verifies(oldRoot, newRoot, altered), "from \(old) to \(new), \(index)")
        altered.remove(at: index)
        #expect(!verifies(oldRoot, newRoot, altered), "from \(old) to \(new), \(index)")
      }
    }
  }

  // 2²⁴ - 1 has the most complete subtrees of any size below; 10⁷ is the ledger after ten years.
  @Test(arguments: [1, 2, 3, 1_000, 65_536, 10_000_000, 16_777_215])
  func `a root or proof reads at most twice as many nodes as the tree has levels`(
    size: Int
  ) throws {
    let levels = Int.bitWidth - (size - 1).leadingZeroBitCount
    func reads(_ question: (CountingSource) throws -> Void) rethrows -> Int {
      let source = CountingSource(size: size)
      try question(source)
      return source.reads
    }
    #expect(try reads { _ = try MerkleTree.root(size: size, in: $0) } == size.nonzeroBitCount)
    for place in [0, 1, size / 3, size / 2, size - 2, size - 1] where (0..<size).contains(place) {
      #expect(
        try reads { _ = try MerkleTree.inclusionProof(leaf: place, size: size, in: $0) }
          <= 2 * levels)
      #expect(
        try reads { _ = try MerkleTree.consistencyProof(from: place, to: size, in: $0) }
          <= 2 * levels)
    }
  }
}
