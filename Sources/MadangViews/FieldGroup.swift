public import MadangProgramme

/// GPUs of one line in one state: a stretch of dots in the picture of all of them.
public struct FieldGroup: Sendable {
  public enum State: Int, Sendable, CaseIterable {
    /// Promised to or by a company that has not said more.
    case unattested
    case promised, contracted, delivered, inService, awarded, inUse

    public var word: String {
      switch self {
      case .unattested: "unattested"
      case .promised: "promised"
      case .contracted: "contracted"
      case .delivered: "delivered"
      case .inService: "inService"
      case .awarded: "awarded"
      case .inUse: "inUse"
      }
    }

    public func name(_ language: Language) -> String {
      switch self {
      case .unattested: said(language, ko: "증명서 미제출", en: "not attested")
      case .promised: said(language, ko: "약속", en: "promised")
      case .contracted: said(language, ko: "계약", en: "contracted")
      case .delivered: said(language, ko: "납품", en: "delivered")
      case .inService: said(language, ko: "가동", en: "in service")
      case .awarded: said(language, ko: "배정", en: "awarded")
      case .inUse: said(language, ko: "이용 중", en: "in use")
      }
    }
  }

  public let name: Bilingual
  public let state: State
  /// Whose share it was awarded from; nothing for what is in nobody's award.
  public let pool: PoolID?
  public let gpus: Int64
  /// In use, but only pretended: at a simulated cluster.
  public var isSimulated = false

  /// The word for it, with what has to be said beside it.
  public func stateName(_ language: Language) -> String {
    state.name(language) + (isSimulated ? said(language, ko: " (모의)", en: " (simulated)") : "")
  }
}

/// GPUs of their own that teams have and that were read back. What a simulated cluster pretends is
/// counted too, and apart, so that nobody shows the sum without saying so.
///
/// A budget of time names no GPUs, so it counts none here.
public struct GPUsInUse: Sendable, Hashable {
  public private(set) var gpus: Int64 = 0
  public private(set) var simulated: Int64 = 0

  public var isSimulated: Bool { simulated > 0 }

  init() {}

  init(_ row: Allocation, _ programme: Programme) {
    guard row.isEnforced, row.firstUse != nil, case .reserved(let own) = row.binding else {
      return
    }
    gpus = own
    simulated = programme.bindings.row(row.cluster)?.engine?.simulated == true ? own : 0
  }

  public static func += (a: inout GPUsInUse, b: GPUsInUse) {
    a.gpus += b.gpus
    a.simulated += b.simulated
  }
}

/// GPUs in awards by line and pool, in use or not; to be looked up only.
private struct FieldAwards {
  private struct Place: Hashable {
    let line: LineID
    let pool: PoolID
  }

  private var awarded: [Place: Int64] = [:]
  private var used: [Place: GPUsInUse] = [:]
  private let pools: [PoolID]

  init(_ programme: Programme) {
    pools = Array(programme.pools.ids)
    programme.awards.forEach { _, award in
      guard award.ended == nil else { return }
      awarded[Place(line: award.line, pool: award.pool), default: 0] += award.gpus
    }
    programme.allocations.forEach { _, row in
      let award = programme.awards[row.award]
      used[Place(line: award.line, pool: award.pool), default: GPUsInUse()] += GPUsInUse(
        row, programme)
    }
  }

  /// What of a line in service is in awards, those in use first; and how much is left.
  func groups(
    of line: SupplySummary.LineRow, _ name: Bilingual
  ) -> (groups: [FieldGroup], left: Int64) {
    var left = line.progress.inService
    var groups: [FieldGroup] = []
    func take(_ gpus: Int64, _ state: FieldGroup.State, _ pool: PoolID, isSimulated: Bool = false) {
      let taken = min(gpus, left)
      guard taken > 0 else { return }
      left -= taken
      groups.append(
        FieldGroup(name: name, state: state, pool: pool, gpus: taken, isSimulated: isSimulated))
    }
    for pool in pools {
      guard let used = used[Place(line: line.id, pool: pool)] else { continue }
      take(used.gpus - used.simulated, .inUse, pool)
      take(used.simulated, .inUse, pool, isSimulated: true)
    }
    for pool in pools {
      let place = Place(line: line.id, pool: pool)
      take(max(0, (awarded[place] ?? 0) - (used[place]?.gpus ?? 0)), .awarded, pool)
    }
    return (groups, left)
  }
}

extension Allocation {
  /// What was read back equals what should be.
  public var isEnforced: Bool {
    standing == .live && drift == nil && enforcedGeneration.map { $0 >= generation } == true
  }
}

extension Programme {
  /// Of all allocations. Complexity: O(allocations).
  public var gpusInUse: GPUsInUse {
    var sum = GPUsInUse()
    allocations.forEach { _, row in sum += GPUsInUse(row, self) }
    return sum
  }

  /// Of the awards of each pool; for look-up only. Complexity: O(allocations).
  public var gpusInUseByPool: [PoolID: GPUsInUse] {
    var sums: [PoolID: GPUsInUse] = [:]
    allocations.forEach { _, row in
      sums[awards[row.award].pool, default: GPUsInUse()] += GPUsInUse(row, self)
    }
    return sums
  }

  /// Every promised GPU, line by line, by how far it has come.
  ///
  /// Complexity: O(lines × steps + offers + allocations).
  public func field(on day: Day) -> [FieldGroup] {
    let summary = supplySummary(on: day)
    let given = FieldAwards(self)
    var groups: [FieldGroup] = []
    for tranche in summary.tranches {
      for line in tranche.lines {
        let name = name(of: line)
        let (awards, free) = given.groups(of: line, name)
        groups += awards
        let whole = max(line.line.gpus.value, line.progress.contracted)
        let steps: [(FieldGroup.State, Int64)] = [
          (.inService, free),
          (.delivered, max(0, line.progress.delivered - line.progress.inService)),
          (
            .contracted,
            max(0, line.progress.contracted - max(line.progress.delivered, line.progress.inService))
          ),
          (.promised, max(0, whole - max(line.progress.contracted, line.progress.delivered))),
        ]
        for (state, gpus) in steps where gpus > 0 {
          groups.append(FieldGroup(name: name, state: state, pool: nil, gpus: gpus))
        }
      }
    }
    for (_, commitment) in summary.unattested {
      guard let gpus = commitment.gpus?.value else { continue }
      let whose = commitment.to.first ?? commitment.from
      groups.append(
        FieldGroup(name: parties[whose].name, state: .unattested, pool: nil, gpus: gpus))
    }
    return groups
  }

  private func name(of row: SupplySummary.LineRow) -> Bilingual {
    let site = sites[row.line.site].name
    guard let model = row.line.model else { return site }
    let name = models[model].name.value
    guard let ko = try? Text("\(site.ko.value), \(name)"),
      let en = try? Text("\(site.en.value), \(name)")
    else { return site }  // a name too long together: the site's alone
    return Bilingual(ko: ko, en: en)
  }

  /// The field for programs: counts in the order of the dots.
  public func fieldJSON(on day: Day) -> JSON {
    let groups = field(on: day)
    return .object([
      ("on", .text(day.description)),
      ("total", .int(groups.reduce(0) { $0 + $1.gpus })),
      (
        "states",
        .array(
          FieldGroup.State.allCases.map { state in
            .object([
              ("word", .text(state.word)), ("ko", .text(state.name(.ko))),
              ("en", .text(state.name(.en))),
            ])
          })
      ),
      (
        "groups",
        .array(
          groups.map { group in
            .object([
              ("ko", .text(group.name[.ko])), ("en", .text(group.name[.en])),
              ("state", .int(group.state.rawValue)),
              ("pool", .optional(group.pool.map { pools[$0].slug.value })),
              ("gpus", .int(group.gpus)), ("simulated", .bool(group.isSimulated)),
            ])
          })
      ),
    ])
  }
}
