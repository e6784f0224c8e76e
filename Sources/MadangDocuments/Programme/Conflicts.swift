public import MadangProgramme

extension ProgrammeFolder {
  /// Where the folder says less than the programme has recorded, or something else that no command
  /// can change: a charter, what happened to a line, a thing that is gone from the files.
  ///
  /// `commands(onto:)` leaves these as they are in the programme.
  public func conflicts(with programme: Programme) -> [Diagnostic] {
    let reading = Reading()
    if let charter = programme.charter, charter != self.charter {
      reading.fault(
        Place(file: "programme.yaml"),
        Wording(
          ko: "사업의 기본 사항이 원장에 기록된 것과 다릅니다.",
          en: "The programme's charter is not the one in the journal."),
        hint: Wording(
          ko: "기본 사항은 바꿀 수 없습니다. 되돌리거나 새 데이터 폴더를 쓰십시오.",
          en: "It cannot change: restore it, or begin a new data folder."))
    }
    let names = Names(self, onto: programme)
    for line in lines {
      guard let history = programme.lines.row(names.lines[line.slug]) else { continue }
      let kept =
        holds(line.steps.map { $0.resolved(names) }, history.steps)
        && holds(line.units.map(\.value), history.units)
        && holds(windows(of: line.slug, names), history.maintenance)
      if !kept { recordChanged(line, reading) }
    }
    checkGone(programme, reading)
    return reading.sorted
  }

  private func recordChanged(_ line: LineDraft, _ reading: Reading) {
    reading.fault(
      line.place,
      Wording(
        ko: "‘\(line.slug)’의 원장 기록 일부가 파일에 없거나 바뀌었습니다.",
        en: "Something recorded of ‘\(line.slug)’ is missing from the file, or was changed."),
      hint: Wording(
        ko: "기록은 바뀌지 않습니다. 기록된 것을 되돌리고 새 것을 덧붙이십시오.",
        en: "What is recorded stays: restore it, and add what is new after it."))
  }

  private func checkGone(_ programme: Programme, _ reading: Reading) {
    func gone<Row>(
      _ kind: Kind, _ table: PagedTable<some IdentifierKind, Row>, _ listed: [Slug],
      _ slug: (Row) -> Slug
    ) {
      let kept = Set(listed)
      table.forEach { _, row in
        if !kept.contains(slug(row)) { notInFolder(kind, "\(slug(row))", reading) }
      }
    }
    gone(.source, programme.sources, sources.map(\.slug)) { $0.slug }
    gone(.party, programme.parties, parties.map(\.slug)) { $0.slug }
    gone(.agreement, programme.agreements, agreements.map(\.slug)) { $0.slug }
    gone(.commitment, programme.commitments, commitments.map(\.slug)) { $0.slug }
    gone(.model, programme.models, models.map(\.slug)) { $0.slug }
    gone(.site, programme.sites, sites.map(\.slug)) { $0.slug }
    gone(.cluster, programme.clusters, clusters.map(\.slug)) { $0.slug }
    gone(.tranche, programme.tranches, tranches.map(\.slug)) { $0.slug }
    gone(.line, programme.lines, lines.map(\.slug)) { $0.line.slug }
    gone(.pool, programme.pools, pools.map(\.slug)) { $0.slug }
    gone(.price, programme.prices, prices.map(\.slug)) { $0.slug }
    gone(.charge, programme.charges, charges.map(\.slug)) { $0.slug }
    gone(.call, programme.calls, calls.map(\.slug)) { $0.slug }
    let tracks = Set(calls.flatMap { call in call.tracks.map { "\(call.slug)/\($0.slug)" } })
    programme.tracks.forEach { _, track in
      let name = "\(programme.calls[track.call].slug)/\(track.slug)"
      if !tracks.contains(name) { notInFolder(.track, name, reading) }
    }
    let rounds = Set(calls.flatMap { call in call.rounds.map { "\(call.slug)/\($0.number)" } })
    programme.rounds.forEach { _, state in
      let name = "\(programme.calls[state.round.call].slug)/\(state.round.number)"
      if !rounds.contains(name) { notInFolder(.call, name, reading) }
    }
  }

  private func notInFolder(_ kind: Kind, _ name: String, _ reading: Reading) {
    reading.fault(
      Place(file: kind.file),
      Wording(
        ko: "원장에 있는 \(kind.word.ko) ‘\(name)’이(가) 파일에 없습니다.",
        en: "The \(kind.word.en) ‘\(name)’ is in the journal and not in the file."),
      hint: Wording(
        ko: "원장에서는 지워지지 않습니다. 파일에 되돌리십시오.",
        en: "Nothing is taken out of the journal: restore it in the file."))
  }
}

/// Whether everything recorded is listed, as often as it was recorded.
private func holds<Item: Hashable>(_ listed: [Item], _ recorded: [Item]) -> Bool {
  var left = listed
  for item in recorded {
    guard let index = left.firstIndex(of: item) else { return false }
    left.remove(at: index)
  }
  return true
}
