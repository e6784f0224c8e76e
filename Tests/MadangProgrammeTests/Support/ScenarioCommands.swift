@testable import MadangProgramme

/// What a scenario's lines do, by their first word.
extension Scenario {
  mutating func perform(_ words: [String]) throws(Refusal) -> [String] {
    let (verb, rest) = (words[0], words.dropFirst().filter { !$0.contains("=") })
    var options: [String: String] = [:]
    for word in words.dropFirst() where word.contains("=") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      options[parts[0]] = parts.count > 1 ? parts[1] : ""
    }
    if try define(verb, Array(rest), options) { return [] }
    return try act(verb, Array(rest), options)
  }

  private mutating func act(
    _ verb: String, _ rest: [String], _ options: [String: String]
  ) throws(Refusal) -> [String] {
    let by = options["by"].map { Scenario.person(Int64($0) ?? 0) }
    switch verb {
    case "at": clock = Scenario.moment(rest[0])
    case "apply": try apply(rest, options)
    case "revise":
      let (application, form) = try self.form(rest, options)
      try give(.revise(id(application), form))
    case "withdraw": try give(.withdraw(id(rest[0])))
    case "broken": broken[rest[0]] = Int32(rest[1])
    case "judge":
      let rule = rest.count > 1 ? Int32(rest[1]) : nil
      try give(.judgeEligibility(id(rest[0]), brokenRule: rule, ruleSet: Scenario.digest))
    case "review": try give(.review(id(rest[0]), points: Scenario.marks(rest[1])), by: by)
    case "conflict":
      try give(.declareConflict(id(rest[0]), reviewer: by ?? clerk, .recused), by: by)
    case "close": try close(id(rest[0]))
    case "draft": try draft(rest[0], options)
    case "return": try give(.returnDraft(id(rest[0])))
    case "approve": try give(.approveRound(id(rest[0])), by: by ?? head)
    case "publish": return said(try give(.publishRound(id(rest[0]))), all: true)
    case "decide":
      try close(id(rest[0]))
      try draft(rest[0], options)
      try give(.approveRound(id(rest[0])), by: head)
      return said(try give(.publishRound(id(rest[0]))), all: true)
    case "facts": return facts(id(rest[0]))
    case "standing": return standing(id(rest[0]))
    case "cutoffs": return cutOffs(id(rest[0]))
    case "conclude": return said(try give(.concludeContract(id(rest[0]))), all: false)
    case "decline": return said(try give(.declineContract(id(rest[0]))), all: false)
    case "advance":
      return said(try give(.advance(Scenario.moment(rest[0]))), all: false)
    case "due": return [programme.advanceDue(at: clock) != nil ? "due" : "not due"]
    default: return try bind(verb, rest, options)
    }
    return []
  }

  private mutating func apply(_ rest: [String], _ options: [String: String]) throws(Refusal) {
    let (application, form) = try self.form(rest, options)
    try give(.submit(form))
    name(application, ApplicationID(programme.applications.count))
    if rest.count > 3, rest[3] != "-" {
      points.append((application, rest[3].split(separator: "/").map { Scenario.marks(String($0)) }))
    }
  }

  private mutating func form(
    _ rest: [String], _ options: [String: String]
  ) throws(Refusal) -> (String, ApplicationForm) {
    let round =
      options["round"].map { id($0, RoundKind.self) }
      ?? RoundID(max(1, programme.rounds.count))
    let organisation = options["org"] ?? "org-of-\(rest[0])"
    if ids["organisation \(organisation)"] == nil, Int(organisation) == nil {
      try define("org", [organisation, "inland"], [:])
    }
    let period = programme.rounds.row(round)?.round.period ?? Scenario.year
    let models: [DeviceModelID]? = options["models"].map { names in
      names.split(separator: ",").map { id(String($0)) }
    }
    let form = ApplicationForm(
      round: round, track: id(rest[1]), organisation: id(organisation),
      ask: Ask(
        models: models ?? [DeviceModelID(1)], gpus: Int64(rest[2]) ?? 0,
        term: options["term"].map(Scenario.term) ?? period),
      content: Scenario.digest)
    return (rest[0], form)
  }

  /// Waits for the closing moment; then everybody is judged and reviewed as their lines said.
  private mutating func close(_ round: RoundID) throws(Refusal) {
    clock = max(clock, programme.rounds[round].round.closes)
    for id in programme.applications.ids {
      let row = programme.applications[id]
      guard row.round == round, row.standing == .submitted else { continue }
      let rule = broken[name(of: id)]
      try give(.judgeEligibility(id, brokenRule: rule, ruleSet: Scenario.digest))
    }
    for (application, marks) in points {
      let id = id(application, ApplicationKind.self)
      let row = programme.applications[id]
      guard row.round == round, row.standing == .eligible else { continue }
      for (index, points) in marks.enumerated() {
        try give(.review(id, points: points), by: Scenario.person(Int64(100 + index)))
      }
    }
    points = points.filter { programme.applications[id($0.application)].round != round }
  }

  private mutating func draft(
    _ round: String, _ options: [String: String]
  ) throws(Refusal) {
    let id = id(round, RoundKind.self)
    let rules = options.isEmpty ? programme.rounds.row(id)?.round.rules : ruleSet(options)
    try give(.draftRound(id, rules: rules ?? ruleSet(options), ruleSet: Scenario.digest))
  }
}
