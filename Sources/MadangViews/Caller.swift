public import MadangProgramme

/// What somebody is in the programme. An account may have several; nobody both drafts and approves
/// one thing, whatever they are.
public enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
  /// Drafts: rounds, amendments, allocations (담당자).
  case officer
  /// Approves what another drafted (승인권자).
  case approver
  /// Runs a centre's cluster (운영사업자).
  case `operator`
  /// An applicant's organisation, and its award's team (수행기관).
  case team
  /// Judges applications (평가위원).
  case reviewer
  /// Reads everything, changes nothing (감사).
  case auditor

  private var rank: Int {
    switch self {
    case .officer: 0
    case .approver: 1
    case .operator: 2
    case .team: 3
    case .reviewer: 4
    case .auditor: 5
    }
  }

  public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

  public func name(_ language: Language) -> String {
    switch self {
    case .officer: said(language, ko: "담당자", en: "officer")
    case .approver: said(language, ko: "승인권자", en: "approver")
    case .operator: said(language, ko: "운영사업자", en: "operator")
    case .team: said(language, ko: "수행기관", en: "team")
    case .reviewer: said(language, ko: "평가위원", en: "reviewer")
    case .auditor: said(language, ko: "감사", en: "auditor")
    }
  }
}

/// A role, and for which thing: an operator's cluster, a team's organisation.
public struct Grant: Sendable, Hashable {
  public let role: Role
  /// The number of the cluster (operator) or the organisation (team); nothing for the others.
  public let scope: Int32?

  /// Nothing where a role needs a scope and has none, or has one and takes none.
  public init?(_ role: Role, scope: Int32? = nil) {
    switch role {
    case .operator, .team: guard let scope, scope > 0 else { return nil }
    case .officer, .approver, .reviewer, .auditor: guard scope == nil else { return nil }
    }
    self.role = role
    self.scope = scope
  }
}

/// Who asks: signed out, or an account with its person and roles.
public struct Caller: Sendable, Hashable {
  public let account: String?
  public let person: PersonID?
  public let grants: [Grant]

  public static let passerBy = Caller(account: nil, person: nil, grants: [])

  public init(account: String?, person: PersonID?, grants: [Grant]) {
    self.account = account
    self.person = person
    self.grants = grants
  }

  public var isSignedIn: Bool { account != nil }
  public func has(_ role: Role) -> Bool { grants.contains { $0.role == role } }
  /// The office and the auditor read what is not for everybody.
  public var readsOffice: Bool { has(.officer) || has(.approver) || has(.auditor) }
  public var organisations: [OrganisationID] { scopes(.team) }
  public var clusters: [ClusterID] { scopes(.operator) }

  private func scopes<Kind>(_ role: Role) -> [Identifier<Kind>] {
    grants.filter { $0.role == role }.compactMap { $0.scope.map { Identifier(Int($0)) } }
  }
}
