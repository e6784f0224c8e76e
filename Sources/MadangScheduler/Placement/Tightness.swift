/// How tight the place is that was found for a job, the tightest least: so that places on models of
/// which none is preferred can be compared.
struct Tightness: Comparable {
  /// The smallest level that will do.
  var level: Level
  /// On one node: whether that would be short of processor or memory (`Fleet.isShort`).
  var isShort = false
  /// Parts: whether another device is opened for them.
  var opens = false
  /// What is left of the opened device, or devices free on the node; units that the part holds.
  var left: Int64
  /// On one node its processor left; of a larger part the devices free.
  var spare: Int64
  /// The first node, rack, block or cluster.
  var part: Int

  static func < (a: Tightness, b: Tightness) -> Bool {
    if a.level != b.level { return a.level < b.level }
    if a.isShort != b.isShort { return b.isShort }
    if a.opens != b.opens { return b.opens }
    return (a.left, a.spare, a.part) < (b.left, b.spare, b.part)
  }
}
