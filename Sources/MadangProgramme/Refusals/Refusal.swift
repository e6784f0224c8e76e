/// An expected no: what, why, and what would help, with a code that never changes.
///
/// Codes: MDG-10xx programme and definitions, 11xx supply and pools, 12xx calls and rounds,
/// 13xx contracts and awards, 14xx allocations, amendments, bindings and agents, 15xx usage, 16xx
/// jobs, 17xx what agents send, 18xx serving, 19xx signing in; 20xx belong to the journal. Within a
/// command the first refusal in the order of its rule's checks is given.
public protocol Refusing: Error, Sendable {
  /// `MDG-1203`.
  var code: String { get }
  /// What was refused and why, as one sentence.
  func what(_ language: Language) -> String
  /// What would help, as one sentence.
  func help(_ language: Language) -> String
}

/// The refusals of every stage, closed.
public enum Refusal: Refusing, Hashable {
  case programme(ProgrammeRefusal)
  case supply(SupplyRefusal)
  case calls(CallRefusal)
  case contracts(ContractRefusal)
  case allocations(AllocationRefusal)
  case usage(UsageRefusal)

  private var stage: any Refusing {
    switch self {
    case .programme(let refusal): refusal
    case .supply(let refusal): refusal
    case .calls(let refusal): refusal
    case .contracts(let refusal): refusal
    case .allocations(let refusal): refusal
    case .usage(let refusal): refusal
    }
  }

  public var code: String { stage.code }
  public func what(_ language: Language) -> String { stage.what(language) }
  public func help(_ language: Language) -> String { stage.help(language) }
}

/// One sentence in each language.
public func said(_ language: Language, ko: String, en: String) -> String {
  switch language {
  case .ko: ko
  case .en: en
  }
}
