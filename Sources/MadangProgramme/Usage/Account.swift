/// Where a GPU-second went (계정). Every GPU-second of a cluster is in exactly one account, so their
/// sum is capacity × time, exactly.
///
/// The order is that of snapshots and statements: a new account is added at the end.
public enum Account: String, CanonicalWord, Hashable, Comparable {
  /// Metered, by the team that it was given to, or by what ran without an allocation.
  case used
  /// Metered, by a team that another one lends its GPUs (한시 대여).
  case lent
  /// Ready inside an award, and not used.
  case idle
  /// Free: in nobody's award, or in one that may not work: suspended, or over and kept to be read.
  case unallocated
  /// Awarded and not ready, or being prepared: in no team's hands through no fault of the team's.
  case delayed
  case down
  case maintenance
  /// What the operator keeps for itself by agreement.
  case operatorShare
  /// Nobody measured it (미계측): never guessed.
  case unobserved

  /// The account's place in rows of nine.
  public var index: Int {
    switch self {
    case .used: 0
    case .lent: 1
    case .idle: 2
    case .unallocated: 3
    case .delayed: 4
    case .down: 5
    case .maintenance: 6
    case .operatorShare: 7
    case .unobserved: 8
    }
  }

  public static let count = 9

  public static func < (a: Self, b: Self) -> Bool { a.index < b.index }

  /// The account's word on screen.
  public func name(_ language: Language) -> String {
    switch self {
    case .used: said(language, ko: "사용", en: "used")
    case .lent: said(language, ko: "한시 대여", en: "lent")
    case .idle: said(language, ko: "배정 내 유휴", en: "idle inside an award")
    case .unallocated: said(language, ko: "미배정", en: "unallocated")
    case .delayed: said(language, ko: "지연·성능저하", en: "delayed or degraded")
    case .down: said(language, ko: "장애", en: "down")
    case .maintenance: said(language, ko: "점검", en: "in maintenance")
    case .operatorShare: said(language, ko: "운영사업자 몫", en: "operator's share")
    case .unobserved: said(language, ko: "미계측", en: "unobserved")
    }
  }
}
