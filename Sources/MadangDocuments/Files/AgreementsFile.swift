internal import MadangProgramme

struct AgreementDraft: Sendable {
  let slug: Slug
  let name: Bilingual
  let kind: Agreement.Kind
  let on: Day
  let parties: [Slug]
  let source: Slug

  func resolved(_ names: Names) -> Agreement {
    Agreement(
      slug: slug, name: name, kind: kind, on: on, parties: parties.map { names.parties[$0] },
      source: names.sources[source])
  }
}

struct CommitmentDraft: Sendable {
  let slug: Slug
  let agreement: Slug
  let text: Bilingual
  let from: Slug
  let to: [Slug]
  let gpus: ClaimsDraft?
  let by: Day?
  let attestation: Commitment.Attestation

  func resolved(_ names: Names) -> Commitment {
    Commitment(
      slug: slug, agreement: names.agreements[agreement], text: text, from: names.parties[from],
      to: to.map { names.parties[$0] }, gpus: gpus?.resolved(names), by: by,
      attestation: attestation)
  }
}

/// agreements.yaml: who owes what to whom.
struct AgreementsFile {
  var agreements: [AgreementDraft] = []
  var commitments: [CommitmentDraft] = []

  init(_ value: Value) {
    let list = value.fields(["agreements"])?["agreements"]
    let batch = list?.list(limit: Limits.folderItemsMax) { item in
      AgreementsFile.read(item)
    }
    for (agreement, commitments) in batch?.items ?? [] {
      agreements.append(agreement)
      self.commitments += commitments
    }
  }

  private static func read(_ value: Value) -> (AgreementDraft, [CommitmentDraft])? {
    guard
      let fields = value.fields(
        ["slug", "name", "kind", "on", "parties", "source", "commitments"], optional: ["note"])
    else { return nil }
    let slug = fields["slug"]?.slug(defining: .agreement)
    let name = fields["name"]?.bilingualLabel()
    let kind: Agreement.Kind? = fields["kind"]?.word([
      "announcement": .announcement, "memorandum": .memorandum, "contract": .contract,
      "programme": .programme,
    ])
    let on = fields["on"]?.day()
    let parties = fields["parties"]?.references(.party)
    let source = fields["source"]?.reference(.source)
    fields.checkNote()
    // Read also where the agreement itself is faulty, so that their faults show too.
    let commitments = fields["commitments"]?.list { commitment($0, of: slug) }
    guard let slug, let name, let kind, let on, let parties, let source, let commitments
    else { return nil }
    let agreement = AgreementDraft(
      slug: slug, name: name, kind: kind, on: on, parties: parties, source: source)
    return (agreement, commitments.items)
  }

  private static func commitment(_ value: Value, of agreement: Slug?) -> CommitmentDraft? {
    guard
      let fields = value.fields(
        ["slug", "text", "from", "to"],
        optional: ["gpus", "by", "tranches", "attestation", "note"])
    else { return nil }
    let slug = fields["slug"]?.slug(defining: .commitment)
    let text = fields["text"]?.bilingual()
    let from = fields["from"]?.reference(.party)
    let to = fields["to"]?.references(.party)
    let gpus = fields["gpus"]?.claims()
    let by = fields["by"]?.day()
    // Which tranches keep a promise stands with the tranches too; here it is only checked.
    _ = fields["tranches"]?.references(.tranche)
    let attestation: Commitment.Attestation? =
      fields["attestation"].map { $0.word(["none": .notYetGiven, "given": .given]) } ?? .notNeeded
    fields.checkNote()
    guard let slug, let agreement, let text, let from, let to, let attestation
    else { return nil }
    return CommitmentDraft(
      slug: slug, agreement: agreement, text: text, from: from, to: to, gpus: gpus, by: by,
      attestation: attestation)
  }
}
