internal import MadangProgramme

/// A figure whose source is still a short name.
struct FigureDraft: Sendable {
  let value: Int64
  let confidence: Confidence
  let source: Slug
  let on: Day
  let note: Bilingual?
  let place: Place
}

/// Figures of one amount; the first is calculated with.
struct ClaimsDraft: Sendable {
  let first: FigureDraft
  let others: [FigureDraft]

  var all: [FigureDraft] { [first] + others }
  var value: Int64 { first.value }
  /// Sources may disagree on an amount; the largest bounds what can be recorded.
  var most: Int64 { all.reduce(0) { max($0, $1.value) } }
  var place: Place { first.place }

  func resolved(_ names: Names) -> Claims {
    func figure(_ draft: FigureDraft) -> Figure {
      Figure(
        value: draft.value, confidence: draft.confidence, source: names.sources[draft.source],
        on: draft.on, note: draft.note)
    }
    return Claims(first: figure(first), others: others.map(figure))
  }
}

extension Value {
  func confidence() -> Confidence? {
    word([
      "assumed": .assumed, "announced": .announced, "contracted": .contracted,
      "delivered": .delivered, "accepted": .accepted,
    ])
  }

  /// `{value, confidence, source, on, note?}`.
  func figure() -> FigureDraft? {
    guard let fields = fields(["value", "confidence", "source", "on"], optional: ["note"])
    else { return nil }
    let value = fields["value"]?.integer(0...Limits.gpusMax)
    let confidence = fields["confidence"]?.confidence()
    let source = fields["source"]?.reference(.source)
    let on = fields["on"]?.day()
    let note = fields["note"]?.bilingual()
    guard let value, let confidence, let source, let on else { return nil }
    return FigureDraft(
      value: value, confidence: confidence, source: source, on: on, note: note, place: place)
  }

  /// One or more figures.
  func claims() -> ClaimsDraft? {
    guard let batch = list({ $0.figure() }) else { return nil }
    guard let first = batch.items.first else {
      if batch.complete {
        refuse(
          "‘\(shown(name))’에 수치가 없습니다.", "‘\(shown(name))’ has no figure.",
          hintKo: "수치를 하나 이상 쓰십시오.", hintEn: "Give one figure or more.")
      }
      return nil
    }
    return ClaimsDraft(first: first, others: Array(batch.items.dropFirst()))
  }

  /// Exactly one figure.
  func singleClaim() -> ClaimsDraft? { figure().map { ClaimsDraft(first: $0, others: []) } }
}
