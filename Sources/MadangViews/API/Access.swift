public import MadangProgramme

/// Who may use an operation. Checked against the caller and the object that is named, before the
/// operation does anything.
public enum Access: Sendable, Hashable {
  /// Everybody, signed out too.
  case anyone
  case signedIn
  case roles([Role])
  /// Whose affair the named object is, and these roles.
  case concerned(Concern, or: [Role])
}

/// How an object is somebody's affair.
public enum Concern: String, Sendable, Hashable, CaseIterable {
  /// The path's application is of the team's organisation.
  case application
  /// The path's award is of the team's organisation, or the caller is one of its members.
  case award
  /// The path's allocation is of such an award.
  case allocation
  /// The path's lending is of such an award's GPUs.
  case lending
  /// The path's lending is to such an award.
  case borrowing
  /// Either of the two.
  case lendingOrBorrowing = "lending or borrowing"
  /// The body's organisation is the team's.
  case organisation
  /// The path's cluster is the operator's.
  case cluster
  /// The path's line stands at a site where the operator runs a cluster.
  case line
  /// The path's agent speaks, or spoke, for the operator's cluster.
  case agent
}

extension Access {
  /// Whether `caller` may, of the objects that `values` name.
  ///
  /// An object that does not exist is nobody's affair: whoever may not see it does not learn
  /// whether it is there.
  public func allows(_ caller: Caller, _ values: Values, in programme: Programme) -> Bool {
    switch self {
    case .anyone: true
    case .signedIn: caller.isSignedIn
    case .roles(let roles): roles.contains { caller.has($0) }
    case .concerned(let concern, let roles):
      roles.contains { caller.has($0) } || concern.holds(caller, values, in: programme)
    }
  }
}

extension Concern {
  func holds(_ caller: Caller, _ values: Values, in programme: Programme) -> Bool {
    switch self {
    case .application:
      guard let id: ApplicationID = values.identifier("application"),
        let row = programme.applications.row(id)
      else { return false }
      return caller.concerns(row)
    case .award:
      guard let id: AwardID = values.identifier("award") else { return false }
      return caller.concerns(id, in: programme)
    case .allocation:
      guard let id: AllocationID = values.identifier("allocation"),
        let row = programme.allocations.row(id)
      else { return false }
      return caller.concerns(row.award, in: programme)
    case .lending, .borrowing, .lendingOrBorrowing:
      guard let id: LendingID = values.identifier("lending"),
        let row = programme.lendings.row(id)
      else { return false }
      let lender = programme.allocations[row.lender].award
      return self != .borrowing && caller.concerns(lender, in: programme)
        || self != .lending && caller.concerns(row.award, in: programme)
    case .organisation:
      guard let id: OrganisationID = values.identifier("organisation") else { return false }
      return caller.organisations.contains(id)
    case .cluster:
      guard let id: ClusterID = values.identifier("cluster") else { return false }
      return caller.clusters.contains(id)
    case .line:
      guard let id: LineID = values.identifier("line"), programme.lines.contains(id) else {
        return false
      }
      return caller.runs(id, in: programme)
    case .agent:
      guard let id: AgentID = values.identifier("agent"), let row = programme.agents.row(id)
      else { return false }
      return caller.clusters.contains(row.cluster)
    }
  }
}

extension Caller {
  /// Whether an application is this caller's own affair.
  public func concerns(_ application: Application) -> Bool {
    application.organisation.map { organisations.contains($0) } ?? false
  }

  /// Whether an award is: by its organisation, or as one of its members.
  public func concerns(_ id: AwardID, in programme: Programme) -> Bool {
    guard let award = programme.awards.row(id) else { return false }
    return organisations.contains(award.organisation) || isMember(of: id, in: programme)
  }

  /// Whether this caller's person is one of an award's team. Whoever applied for it need not be.
  public func isMember(of id: AwardID, in programme: Programme) -> Bool {
    guard let person else { return false }
    return programme.members.ids.contains { member in
      programme.members[member].award == id && programme.members[member].person == person
    }
  }

  /// Whether a line stands at a site where this caller runs a cluster.
  public func runs(_ line: LineID, in programme: Programme) -> Bool {
    let site = programme.lines[line].line.site
    return clusters.contains { programme.clusters.row($0)?.site == site }
  }

  /// All awards that are this caller's own affair. Complexity: O(awards + members).
  public func awards(in programme: Programme) -> [AwardID] {
    var memberships: Set<AwardID> = []
    if let person {
      programme.members.forEach { _, row in
        if row.person == person { memberships.insert(row.award) }
      }
    }
    return programme.awards.ids.filter {
      memberships.contains($0) || organisations.contains(programme.awards[$0].organisation)
    }
  }

  /// Whether what is for the one concerned, and the office, is for this caller.
  public func reads(_ application: Application) -> Bool {
    readsOffice || concerns(application)
  }

  public func reads(_ award: AwardID, in programme: Programme) -> Bool {
    readsOffice || concerns(award, in: programme)
  }
}
