/// How what was read back differs from what should be (불일치): the first that applies, in this
/// order; `early` alone is said before a term and no other then. A new word is added at the end.
public enum Drift: String, CanonicalWord, Hashable {
  /// The engine holds an older state, or none.
  case behind
  /// The engine does not know the allocation.
  case missing
  /// It limits in the other way, or by another amount.
  case otherLimit
  /// It may work where it should not, or not where it should.
  case otherSuspension
  /// Fewer GPUs work than the team is entitled to.
  case notReady
  /// The operator says that the servers are the team's; the team has not confirmed them.
  case unconfirmed
  /// The engine still holds what is over.
  case lingering
  /// Servers are in the team's hands before its term begins.
  case early
}

extension Drift {
  /// The drift's word on screen.
  public func name(_ language: Language) -> String {
    switch self {
    case .behind: said(language, ko: "옛 설정값", en: "behind")
    case .missing: said(language, ko: "적용 안 됨", en: "missing")
    case .otherLimit: said(language, ko: "다른 한도", en: "other limit")
    case .otherSuspension: said(language, ko: "정지 상태 다름", en: "other suspension")
    case .notReady: said(language, ko: "일부 사용 불가", en: "not ready")
    case .unconfirmed: said(language, ko: "인수 확인 전", en: "unconfirmed")
    case .lingering: said(language, ko: "반납 전", en: "lingering")
    case .early: said(language, ko: "기간 전 제공", en: "early")
    }
  }
}

extension Allocation {
  /// What differs between this allocation as it should be and as it was read back; nothing where
  /// they are equal.
  ///
  /// A suspended team has nothing to use, so nothing has to be ready.
  public func drift(
    from observed: ObservedAllocation?, generation: Int64?, handover: Bool
  ) -> Drift? {
    guard let generation, generation >= self.generation else { return .behind }
    guard isBound else { return observed == nil ? nil : .lingering }
    if binding == .reserved(gpus: 0) {
      // All of it is lent: there is nothing to be found.
      return observed.map { $0.limit != binding } ?? false ? .otherLimit : nil
    }
    guard let observed else { return .missing }
    guard observed.limit == binding else { return .otherLimit }
    let suspended = standing == .suspended
    guard observed.suspended == suspended else { return .otherSuspension }
    guard case .reserved(let gpus) = binding, !suspended else { return nil }
    if observed.readyGPUs < gpus { return .notReady }
    return handover && (observed.assets == nil || observed.assets != confirmed)
      ? .unconfirmed : nil
  }
}
