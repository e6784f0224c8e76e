/// What pools side by side want and may have of one device model, in whole GPUs.
public struct ShareClaim: Hashable, Sendable {
  public var guarantee: Int64
  public var weight: Int64
  public var priority: Int32
  /// Running and waiting.
  public var demand: Int64

  public init(guarantee: Int64, weight: Int64, priority: Int32, demand: Int64) {
    self.guarantee = guarantee
    self.weight = weight
    self.priority = priority
    self.demand = demand
  }

  /// The division that a scheduler makes of `total` GPUs among pools right below the root, whole
  /// GPUs in the order of the claims: guarantees, cut by one ratio where there is less, then
  /// priority and weight. O(claims × distinct levels).
  public static func divide(_ total: Int64, among claims: [ShareClaim]) -> [Int64] {
    let guarantees = Division.scaled(claims.map(\.guarantee), to: total, unit: 1)
    var division = Division(
      children: claims.indices.map { index in
        Division.Child(
          guarantee: guarantees[index], demand: claims[index].demand,
          weight: Int128(claims[index].weight), priority: claims[index].priority)
      }, unit: 1)
    division.divide(total)
    return division.children.map(\.share)
  }
}
