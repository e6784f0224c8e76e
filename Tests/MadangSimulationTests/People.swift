import MadangProgramme
import MadangTestEngines

/// Something that somebody asks of the office until he is answered, under one key.
struct Request {
  let command: Command
  let key: CommandKey
  var isAnswered = false
  var tries = 0
}

/// Officers and teams: what they want is drawn, and much of it cannot be had.
extension World {
  /// Sends a command under a key of its own, and again until it is answered.
  func ask(_ command: Command, by person: PersonID) {
    requests.append(Request(command: command, key: CommandKey(by: person, number: requests.count)))
    let index = requests.count - 1
    retry(index)
    if happens(.commandTwice, 200) { send(.command(index)) }
  }

  func retry(_ index: Int) {
    guard !requests[index].isAnswered, requests[index].tries < 8 else { return }
    requests[index].tries += 1
    send(.command(index))
    at(now + 15, .retries(index))
  }

  func peopleAct() {
    at(now + Int64(random.draw(3...25)), .people)
    confirmHandovers()
    if faults.isOver { return catchUp() }
    let programme = office.programme
    let count = programme.allocations.count
    let isWild = happens(.commandInvalid, 200)
    let award = AwardID(random.draw(1...(isWild ? 9 : 4)))
    let cluster = ClusterID(random.draw(1...(isWild ? 5 : 3)))
    let by = random.pick([Base.clerk, Base.head])
    switch random.draw(0...11) {
    case 0...3:
      let rest = random.chance(50) ? rest(of: award) : nil
      ask(.allocate(award, cluster, rest ?? limit(isWild)), by: by)
    case 4, 5:
      let allocation = AllocationID(random.draw(1...max(1, count)))
      let owner = programme.allocations.row(allocation)?.award ?? award
      ask(.draftAmendment(owner, change(allocation, cluster, isWild), .teamRequest), by: by)
    case 6, 7:
      guard programme.amendments.count > 0 else { return }
      let newest = programme.amendments.count
      let id = AmendmentID(random.draw(max(1, newest - 2)...newest))
      let drafter = programme.amendments[id].drafter
      ask(.approveAmendment(id), by: drafter == Base.clerk ? Base.head : Base.clerk)
    case 8, 9: lend(award, isWild)
    case 10: ask(.addMember(award, Base.person(Int64(random.draw(20...25)))), by: by)
    default: ask(.removeMember(award, Base.person(Int64(random.draw(20...25)))), by: by)
    }
  }

  /// One member offers, the other concludes; whoever is asked back or gives back.
  private func lend(_ award: AwardID, _ isWild: Bool) {
    let lender = AllocationID(random.draw(1...max(1, office.programme.allocations.count)))
    let newest = LendingID(max(1, office.programme.lendings.count))
    switch random.draw(0...4) {
    case 0, 1:
      let terms = LendingTerms(
        lender: lender, award: award, gpus: isWild ? -4 : random.pick([4, 8]),
        to: Base.today.advanced(by: random.draw(1...3)), noticeDays: 1)
      ask(.offerLending(terms), by: Base.member)
    case 2, 3: ask(.concludeLending(newest), by: Base.second)
    default: ask(.endLending(newest), by: Base.second)
    }
  }

  private func limit(_ isWild: Bool) -> AllocationLimit {
    if isWild { return random.chance(50) ? .reserved(gpus: -8) : .budget(GPUSeconds(1 << 50)) }
    return random.chance(60)
      ? .reserved(gpus: random.pick([4, 8, 8, 16]))
      : .budget(GPUSeconds(Int64(random.draw(1...400_000))))
  }

  /// All that an award has beside the limits of its allocations, as somebody would reckon who knows
  /// of no use: often more than there is.
  private func rest(of id: AwardID) -> AllocationLimit? {
    let programme = office.programme
    guard let award = programme.awards.row(id) else { return nil }
    var rest = award.gpus * Checks.seconds(award.term, programme)
    programme.allocations.forEach { _, row in
      guard row.award == id, row.isBound, row.lending == nil else { return }
      switch row.limit {
      case .budget(let budget): rest -= budget.count
      case .reserved(let gpus): rest -= gpus * Checks.seconds(row.term, programme)
      }
    }
    return rest > 0 ? .budget(GPUSeconds(rest)) : nil
  }

  private func change(
    _ allocation: AllocationID, _ cluster: ClusterID, _ isWild: Bool
  ) -> AmendmentChange {
    switch random.draw(0...11) {
    case 11: .recall(allocation)
    case 0: .extension(to: Base.today.advanced(by: random.draw(1...70)))
    case 1: .supplement(gpus: random.pick([4, 8, 8, 16]))
    case 2, 3: .transfer(allocation, to: cluster)
    case 4: .resize(allocation, limit(isWild))
    // Often less than was used.
    case 5: .resize(allocation, .budget(GPUSeconds(Int64(random.draw(1...2_000)))))
    case 6: .override(allocation, limit(isWild))
    case 7: .overrideEnd(allocation)
    case 8: .suspension
    case 9: .resumption
    default: random.chance(40) ? .end : .resumption
    }
  }

  /// A team that sees its servers says so.
  private func confirmHandovers() {
    let programme = office.programme
    let engine = engine(Base.clusters[2])
    programme.allocations.forEach { id, row in
      guard row.cluster == engine.cluster, row.isBound, let assets = engine.assets(id),
        row.confirmed != assets
      else { return }
      ask(.confirmHandover(id, assets: assets), by: Base.member)
    }
  }

  /// Where a disk that lied took the newest events, engines are ahead of the office. It says again
  /// what every engine is, until its count of events has passed theirs.
  private func catchUp() {
    for engine in engines {
      let binding = office.programme.bindings[engine.cluster]
      guard let ahead = engine.now.generation, ahead > binding.generation else { continue }
      ask(
        .define(.engine(engine.cluster, ClusterEngine(kind: engine.kind, simulated: true))),
        by: Base.clerk)
    }
  }
}
