public import MadangProgramme

/// Whatever can answer the complete subtrees of a tree.
public protocol NodeSource {
  /// The hash of the complete subtree over leaves `index << level ..< (index + 1) << level`; level
  /// 0 is the leaf hashes. Only asked for subtrees whose leaves all exist.
  func node(level: Int, index: Int) throws -> Digest
}

/// The Merkle tree of RFC 6962 over the journal's events: roots, proofs and their verification.
///
/// A tree of n leaves is a complete tree of the largest power of two below n, beside the tree of
/// the rest:
///
///     size 7         root
///                  /      \
///              4 leaves    ·         complete subtrees 4, 2, 1: the binary digits of 7
///                        /   \
///                    2 leaves 1 leaf
///
/// Nothing is kept here. A range of leaves that begins at a multiple of its rounded-up width is
/// the fold of its complete subtrees, so every question costs O(log n) reads of a ``NodeSource``:
/// at most ⌈log₂ n⌉ for a root, twice that for a proof.
public enum MerkleTree {
  /// The root over the first `size` leaves; the hash of nothing for an empty tree.
  public static func root(size: Int, in source: some NodeSource) throws -> Digest {
    precondition(size >= 0)
    return size == 0 ? SHA256.empty : try hash(of: 0..<size, in: source)
  }

  /// PATH(leaf, D[size]): the siblings of a leaf on its way to the root, lowest first.
  public static func inclusionProof(
    leaf: Int, size: Int, in source: some NodeSource
  ) throws -> [Digest] {
    precondition(leaf >= 0 && leaf < size, "the leaf must be in the tree")
    var range = 0..<size
    var siblings: [Digest] = []
    while range.count > 1 {
      let middle = split(range)
      if leaf < middle {
        siblings.append(try hash(of: middle..<range.upperBound, in: source))
        range = range.lowerBound..<middle
      } else {
        siblings.append(try hash(of: range.lowerBound..<middle, in: source))
        range = middle..<range.upperBound
      }
    }
    return siblings.reversed()
  }

  /// PROOF(from, D[to]): what shows that the first `from` of `to` leaves are those of the earlier
  /// tree. Empty where there is nothing to show: from nothing, or to the same size.
  public static func consistencyProof(
    from old: Int, to new: Int, in source: some NodeSource
  ) throws -> [Digest] {
    precondition(old >= 0 && old <= new, "a tree only grows")
    guard old > 0 && old < new else { return [] }
    var range = 0..<new
    var proof: [Digest] = []
    while range.upperBound != old {
      let middle = split(range)
      if old <= middle {
        proof.append(try hash(of: middle..<range.upperBound, in: source))
        range = range.lowerBound..<middle
      } else {
        proof.append(try hash(of: range.lowerBound..<middle, in: source))
        range = middle..<range.upperBound
      }
    }
    // The old tree's last subtree; the verifier has it already when it is the whole old tree.
    if range.lowerBound > 0 {
      proof.append(try hash(of: range, in: source))
    }
    return proof.reversed()
  }

  /// The leaves before the right child: the largest power of two below the range's width.
  private static func split(_ range: Range<Int>) -> Int {
    range.lowerBound + (1 << (Int.bitWidth - 1 - (range.count - 1).leadingZeroBitCount))
  }

  /// The hash of a range beginning at a multiple of its width rounded up to a power of two: the
  /// fold, from the right, of the complete subtrees that the binary digits of its width name.
  private static func hash(of range: Range<Int>, in source: some NodeSource) throws -> Digest {
    var end = range.upperBound
    var level = range.count.trailingZeroBitCount
    var hash = try source.node(level: level, index: (end >> level) - 1)
    end -= 1 << level
    while end > range.lowerBound {
      level = (end - range.lowerBound).trailingZeroBitCount
      hash = SHA256.node(try source.node(level: level, index: (end >> level) - 1), hash)
      end -= 1 << level
    }
    return hash
  }
}

// MARK: - Verification

extension MerkleTree {
  /// Whether `proof` shows that the leaf hash stands at `index` of the tree with `size` leaves and
  /// this root (RFC 9162, 2.1.3.2, which serves RFC 6962's trees too). Anything malformed is false.
  ///
  /// `node` and `last` climb together: the position of the hash in hand and of the rightmost node
  /// on its level. O(proof).
  public static func verifyInclusion(
    of leaf: Digest, at index: Int, size: Int, proof: [Digest], root: Digest
  ) -> Bool {
    guard index >= 0 && index < size else { return false }
    var node = index
    var last = size - 1
    var hash = leaf
    for sibling in proof {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        hash = SHA256.node(sibling, hash)
        climbToRightChild(&node, &last)
      } else {
        hash = SHA256.node(hash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }

  /// Whether `proof` shows that the tree of `old` leaves is the beginning of the tree of `new`
  /// leaves (RFC 9162, 2.1.4.2). Anything malformed is false. O(proof).
  public static func verifyConsistency(
    from old: Int, to new: Int, oldRoot: Digest, newRoot: Digest, proof: [Digest]
  ) -> Bool {
    guard old >= 0 && old <= new else { return false }
    if old == new { return proof.isEmpty && oldRoot == newRoot }
    if old == 0 { return proof.isEmpty && oldRoot == SHA256.empty }
    guard !proof.isEmpty else { return false }

    var node = old - 1
    var last = new - 1
    while node & 1 == 1 {
      node >>= 1
      last >>= 1
    }
    // When the old tree is one complete subtree, its root is the first element and is left out.
    let isComplete = old & (old - 1) == 0
    var oldHash = isComplete ? oldRoot : proof[0]
    var newHash = oldHash
    for sibling in proof[(isComplete ? 0 : 1)...] {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        oldHash = SHA256.node(sibling, oldHash)
        newHash = SHA256.node(sibling, newHash)
        climbToRightChild(&node, &last)
      } else {
        newHash = SHA256.node(newHash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && oldHash == oldRoot && newHash == newRoot
  }

  /// A node at the right edge without a sibling is carried up unchanged until it is a right child.
  private static func climbToRightChild(_ node: inout Int, _ last: inout Int) {
    while node & 1 == 0 && node != 0 {
      node >>= 1
      last >>= 1
    }
  }
}
