import MadangProgramme

/// One thing that may be asked over HTTP: its address, what it takes, who may, what comes back.
///
/// Everything that knows of it reads this declaration: the dispatcher, the check of rights, the
/// OpenAPI document, the forms, and the test of rights that walks all of them.
public struct Operation: Sendable {
  public enum Method: String, Sendable {
    case get, post
  }

  public let id: String
  public let method: Method
  /// With `{name}` for what is in the path.
  public let path: String
  public let title: Wording
  public let access: Access
  public let parameters: [Field]
  public let query: [Field]
  public let body: [Field]

  public init(
    _ id: String, _ method: Method, _ path: String, ko: String, en: String, access: Access,
    parameters: [Field] = [], query: [Field] = [], body: [Field] = []
  ) {
    self.id = id
    self.method = method
    self.path = path
    title = Wording(ko: ko, en: en)
    self.access = access
    self.parameters = parameters
    self.query = query
    self.body = body
  }

  public static func named(_ id: String) -> Operation? { all.first { $0.id == id } }

  /// How many commands a request of these values gives: one, or one for each of its rows.
  public func commandCount(_ values: Values) -> Int {
    body.reduce(1) { max($0, values.rows($1.name)?.count ?? 1) }
  }

  /// Reads first, then what changes something, in the order of the corridor.
  public static let all: [Operation] =
    reads + [listingTokens, signingIn, revokingToken] + decisions
}

extension Field {
  static func path(_ kind: String, ko: String, en: String) -> Field {
    Field(kind, .identifier(kind), ko: ko, en: en)
  }

  static let round = path("round", ko: "회차", en: "Round")
  static let application = path("application", ko: "신청", en: "Application")
  static let award = path("award", ko: "배정", en: "Award")
  static let allocation = path("allocation", ko: "할당", en: "Allocation")
  static let amendment = path("amendment", ko: "협약변경", en: "Amendment")
  static let lending = path("lending", ko: "대여", en: "Lending")
  static let cluster = path("cluster", ko: "클러스터", en: "Cluster")
  static let line = path("line", ko: "물량", en: "Line")
  static let event = Field(
    "event", .integer(0...Limits.integerMax), ko: "사건 번호", en: "Number of an event")
  static let cursor = Field(
    "cursor", .integer(0...Limits.integerMax), ko: "여기부터", en: "From here on", required: false)
  static let limit = Field(
    "limit", .integer(1...1_000), ko: "최대 개수", en: "At most so many", required: false)
  static let agent = path("agent", ko: "에이전트", en: "Agent")
  static let ofMonth = Field("month", .month, ko: "이 달만", en: "Of this month", required: false)
  static let on = Field("on", .day, ko: "기준일", en: "As of", required: false)
}
