import Foundation
import MadangAccess
import MadangJournal
import MadangProgramme
import MadangServer
import MadangViews

/// Accounts of an exercise, one for each role, so that everybody's part can be played. A real
/// programme gets none: `madang user add`.
enum DemoAccounts {
  /// Everybody may read it: what it opens is an exercise.
  static let password = "open-the-yard"

  /// Makes those that are missing. None where the programme is no exercise.
  static func ensured(
    _ journal: Journal, _ access: AccessBook, _ output: Output
  ) throws -> [DemoAccount] {
    guard journal.programme.charter?.exercise == true else { return [] }
    let accounts = wanted(journal.programme)
    let at = Instant(Int64(Date().timeIntervalSince1970))
    let known = try output.refusing { () throws(AccessRefusal) in try access.accounts() }
    for account in accounts where !known.contains(where: { $0.name == account.name }) {
      let person = try output.refusing { () throws(JournalError) in
        try journal.person(labelled: account.name)
      }
      try output.refusing { () throws(AccessRefusal) in
        try access.addAccount(
          account.name, password: account.password, person: person, grants: account.grants, at: at)
      }
    }
    return accounts
  }

  private static func wanted(_ programme: Programme) -> [DemoAccount] {
    var accounts: [(String, Grant?)] = [
      ("officer", Grant(.officer)), ("approver", Grant(.approver)),
      ("reviewer-1", Grant(.reviewer)), ("auditor", Grant(.auditor)),
    ]
    // Of a cluster that has something to do.
    let cluster =
      programme.clusters.ids.first { programme.bindings.row($0)?.engine != nil }
      ?? programme.clusters.ids.first { _ in true }
    if let cluster { accounts.append(("operator", Grant(.operator, scope: cluster.number))) }
    for (name, organisation) in teams(programme) {
      accounts.append((name, Grant(.team, scope: organisation.number)))
    }
    return accounts.compactMap { name, grant in
      grant.map { DemoAccount(name: name, password: password, grants: [$0]) }
    }
  }

  /// A selected team and one on the reserve list, where there are; else the first organisation.
  private static func teams(_ programme: Programme) -> [(String, OrganisationID)] {
    guard programme.organisations.count > 0 else { return [] }
    var chosen: OrganisationID?
    programme.outcomes.forEach { id, ranked in
      guard let ranked, ranked.isSelected, chosen == nil else { return }
      chosen = programme.applications[id].organisation
    }
    guard let chosen else { return [("team", OrganisationID(1))] }
    return [("team", chosen)] + (reserve(programme).map { [("team-reserve", $0)] } ?? [])
  }

  /// Of the first that was not selected from rank 160 on.
  private static func reserve(_ programme: Programme) -> OrganisationID? {
    for round in programme.rounds.ids {
      guard let rank = programme.firstNotSelected(of: round, from: 160) else { continue }
      let ranked = programme.ranking(of: round).first { $0.rank == rank }
      return ranked.flatMap { programme.applications[$0.application].organisation }
    }
    return nil
  }

  static func tell(_ accounts: [DemoAccount], _ output: Output) {
    if accounts.isEmpty { return }
    let names = accounts.map(\.name).joined(separator: ", ")
    output.remark(
      ko: "연습용 계정: \(names); 비밀번호 \(password)",
      en: "Accounts of the exercise: \(names); password \(password)")
  }
}
