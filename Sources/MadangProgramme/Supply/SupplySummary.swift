/// How far the promised GPUs have come by a day: what `madang supply` shows.
public struct SupplySummary: Sendable {
  /// GPUs that have come so far, without what is only planned.
  public struct Progress: Hashable, Sendable {
    public var contracted: Int64 = 0
    public var delivered: Int64 = 0
    public var inService: Int64 = 0
    /// In service by then if the planned steps happen.
    public var inServicePlanned: Int64 = 0

    static func += (a: inout Progress, b: Progress) {
      a.contracted += b.contracted
      a.delivered += b.delivered
      a.inService += b.inService
      a.inServicePlanned += b.inServicePlanned
    }
  }

  public struct LineRow: Sendable {
    public let id: LineID
    public let line: Line
    public let progress: Progress
    /// The least sure step behind what is in service.
    public let confidence: Confidence?
  }

  public struct TrancheRow: Sendable {
    public let id: TrancheID
    public let tranche: Tranche
    public let gpus: Int64
    public let progress: Progress
    public let lines: [LineRow]
  }

  public let on: Day
  public let target: Claims?
  public let tranches: [TrancheRow]
  /// Private lines: promised to companies, whose attestations were not yet given. No other figure
  /// of theirs is known, and none is guessed.
  public let unattested: [(id: CommitmentID, commitment: Commitment)]
  public let total: Progress
}

extension Programme {
  /// Complexity: O(lines + steps).
  public func supplySummary(on day: Day) -> SupplySummary {
    var rows: [SupplySummary.TrancheRow] = []
    var total = SupplySummary.Progress()
    tranches.forEach { id, tranche in
      var lineRows: [SupplySummary.LineRow] = []
      var progress = SupplySummary.Progress()
      lines.forEach { lineID, history in
        guard history.line.tranche == id else { return }
        let row = SupplySummary.LineRow(
          id: lineID, line: history.line, progress: history.progress(by: day),
          confidence: history.steps.filter { $0.state == .inService && !$0.planned }
            .map(\.confidence).min())
        progress += row.progress
        lineRows.append(row)
      }
      rows.append(
        SupplySummary.TrancheRow(
          id: id, tranche: tranche, gpus: lineRows.reduce(0) { $0 + $1.line.gpus.value },
          progress: progress, lines: lineRows))
      total += progress
    }
    // Only the agreements that the tranches keep: elsewhere the same GPUs are promised again.
    let kept = Set(
      tranches.ids.compactMap { tranches[$0].commitment }.map { commitments[$0].agreement })
    var unattested: [(id: CommitmentID, commitment: Commitment)] = []
    commitments.forEach { id, commitment in
      if commitment.attestation == .notYetGiven, commitment.gpus != nil,
        kept.contains(commitment.agreement)
      {
        unattested.append((id, commitment))
      }
    }
    return SupplySummary(
      on: day, target: target, tranches: rows, unattested: unattested, total: total)
  }
}

extension LineHistory {
  func progress(by day: Day) -> SupplySummary.Progress {
    SupplySummary.Progress(
      contracted: reached(.contracted, by: day, planned: false),
      delivered: reached(.delivered, by: day, planned: false),
      inService: reached(.inService, by: day, planned: false),
      inServicePlanned: reached(.inService, by: day, planned: true))
  }
}
