import MadangJournal
import MadangProgramme
import MadangViews
import Testing

@testable import MadangServer

/// What an account's roles say of whose affair something is counts before any command is given.
struct InterestTests {
  @Test func `an account of the organisation that applied neither reviews nor approves for it`()
    async throws
  {
    let office = try CounterOffice()
    let term = try #require(Term(from: Day("2026-03-01")!, to: Day("2026-09-01")!))
    let form = ApplicationForm(
      round: RoundID(1), track: TrackID(1), organisation: OrganisationID(1),
      ask: Ask(models: [Office.model], gpus: 16, term: term), content: Office.digest)
    let told: [(Command, Instant)] = [
      (
        .registerOrganisation(
          Organisation(form: .university, region: Office.slug("here"), synthetic: true)),
        Office.at(days: 2)
      ),
      (.submit(form), Office.at(days: 2)),
      (
        .judgeEligibility(ApplicationID(1), brokenRule: nil, ruleSet: Office.digest),
        Office.at(days: 31)
      ),
    ]
    for (command, at) in told {
      let replies = try office.counter.journal.submit([
        MadangJournal.Request(Envelope(by: Office.clerk, received: at, command: command))
      ])
      for case .refused(let refusal) in replies { throw Unexpected("\(refusal)") }
    }
    func code(_ operation: String, _ form: [(String, String)], of organisation: Int32) async throws
      -> String?
    {
      let declared = try #require(Operation.named(operation))
      let caller = Caller(
        account: "lee", person: Office.person(77),
        grants: [
          Grant(.team, scope: organisation)!, Grant(.reviewer)!, Grant(.approver)!,
        ])
      do {
        _ = try await office.counter.decide(
          declared, try Values(declared, form: form.map { (name: $0.0, value: $0.1) }),
          by: caller, key: nil, in: .en)
        return nil
      } catch let refusal as any Refusing {
        return refusal.code
      }
    }
    let points = [("round", "round-1"), ("reviews/application-1", "90")]
    let approval = [("round", "round-1")]
    #expect(try await code("reviewApplications", points, of: 1) == "MDG-1217")
    #expect(try await code("approveRound", approval, of: 1) == "MDG-1228")
    #expect(office.counter.programme.applications[ApplicationID(1)].reviewCount == 0)
    #expect(try await code("reviewApplications", points, of: 2) == nil)
    #expect(try await code("approveRound", approval, of: 2) == "MDG-1219")
  }
}
