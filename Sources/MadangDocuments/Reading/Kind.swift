internal import MadangProgramme

/// What a short name in a programme's folder names. A name is unique within its kind.
enum Kind: Hashable, Sendable {
  case source, party, agreement, commitment, region, model, site, cluster, tranche, line
  case pool, price, charge, call, track
  /// `tranche/line`, as offers and maintenance refer to a line.
  case lineOfTranche
  case trackOf(call: Slug)
  case criterionOf(call: Slug)
  case eligibilityRule(file: String)
  /// A path inside the folder.
  case ruleFile

  /// The word for one of the kind.
  var word: Wording {
    switch self {
    case .source: Wording(ko: "출처", en: "source")
    case .party: Wording(ko: "참여자", en: "party")
    case .agreement: Wording(ko: "협약", en: "agreement")
    case .commitment: Wording(ko: "이행사항", en: "commitment")
    case .region: Wording(ko: "지역", en: "region")
    case .model: Wording(ko: "기종", en: "model")
    case .site: Wording(ko: "센터", en: "site")
    case .cluster: Wording(ko: "클러스터", en: "cluster")
    case .tranche: Wording(ko: "도입 물량", en: "tranche")
    case .line, .lineOfTranche: Wording(ko: "물량 내역", en: "line")
    case .pool: Wording(ko: "배분 물량", en: "pool")
    case .price: Wording(ko: "단가", en: "price")
    case .charge: Wording(ko: "이용자 부담금", en: "charge")
    case .call: Wording(ko: "공모", en: "call")
    case .track, .trackOf: Wording(ko: "트랙", en: "track")
    case .criterionOf: Wording(ko: "평가항목", en: "criterion")
    case .eligibilityRule: Wording(ko: "신청자격", en: "eligibility rule")
    case .ruleFile: Wording(ko: "규칙 파일", en: "rule file")
    }
  }

  /// The file in which things of the kind are defined.
  var file: String {
    switch self {
    case .source: "sources.yaml"
    case .party: "parties.yaml"
    case .agreement, .commitment: "agreements.yaml"
    case .region, .model, .site, .cluster: "fleet.yaml"
    case .tranche, .line, .lineOfTranche: "supply.yaml"
    case .pool: "pools.yaml"
    case .price, .charge: "prices.yaml"
    case .call, .track, .trackOf, .criterionOf: "calls.yaml"
    case .eligibilityRule(let file): file
    case .ruleFile: "rules/"
    }
  }
}
