/// Who may apply. Rules over facts about people or firms are run at the edge, where the facts are;
/// the journal holds the verdict and which rules it was given by.
public struct EligibilityRule: Hashable, Record {
  public enum Test: String, CanonicalWord, Hashable {
    /// The organisation is of a form that the track is for.
    case organisationInTrack
    /// Nobody involved is barred from public programmes (참여제한).
    case noParticipationBan
    /// The organisation owes no taxes.
    case noTaxArrears
  }

  public let slug: Slug
  public let name: Bilingual
  public let test: Test

  public init(slug: Slug, name: Bilingual, test: Test) {
    self.slug = slug
    self.name = name
    self.test = test
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("name", name)
    writer.field("slug", slug)
    writer.field("test", test)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    name = try reader.field("name")
    slug = try reader.field("slug")
    test = try reader.field("test")
  }
}

/// What the edge knows of an applicant, and the journal never does.
public struct EligibilityFacts: Hashable, Sendable {
  public var form: OrganisationForm
  public var barred: Bool
  public var owesTaxes: Bool

  public init(form: OrganisationForm, barred: Bool, owesTaxes: Bool) {
    self.form = form
    self.barred = barred
    self.owesTaxes = owesTaxes
  }
}

extension RuleSet {
  /// The first rule, in the order of the rule set, that `facts` break; nothing where they are
  /// eligible.
  public func brokenRule(by facts: EligibilityFacts, in track: Track) -> EligibilityRule? {
    eligibility.first { rule in
      switch rule.test {
      case .organisationInTrack: !track.organisations.contains(facts.form)
      case .noParticipationBan: facts.barred
      case .noTaxArrears: facts.owesTaxes
      }
    }
  }
}
