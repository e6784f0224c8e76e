public import MadangProgramme

extension Programme {
  /// What a read of the API answers to a caller who may use it; nothing where it takes more than
  /// the programme to know.
  ///
  /// Throws: there is nothing of a name that was given; a round that is not so far.
  public func answer(
    _ read: Operation, _ values: Values, for caller: Caller, _ language: Language
  ) throws(Refusal) -> Answer? {
    guard let today = charter?.days.day(of: now) else { throw .programme(.notFounded) }
    let prose = Prose(language)
    if let answer = try supplyAnswer(read.id, values, on: today, prose) { return answer }
    if let answer = try roundAnswer(read.id, values, for: caller, prose) { return answer }
    if let answer = try applicationAnswer(read.id, values, for: caller, prose) { return answer }
    if let answer = try awardAnswer(read.id, values, for: caller, prose) { return answer }
    return try usageAnswer(read.id, values, for: caller, prose)
  }

  /// The row that a value names.
  public func known<Kind, Row>(
    _ name: String, _ values: Values, _ table: PagedTable<Kind, Row>
  ) throws(Refusal) -> Identifier<Kind> {
    guard let id: Identifier<Kind> = values.identifier(name), table.contains(id) else {
      throw .programme(.unknown(values.text(name) ?? name))
    }
    return id
  }

  /// The cluster that a value names by its short name.
  public func cluster(
    _ name: String, _ values: Values
  ) throws(Refusal) -> ClusterID {
    let slug = values.text(name) ?? ""
    guard let id = clusters.ids.first(where: { clusters[$0].slug.value == slug }) else {
      throw .programme(.unknown(slug))
    }
    return id
  }
}
