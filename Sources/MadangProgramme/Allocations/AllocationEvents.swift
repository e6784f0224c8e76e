/// The bodies of the events of awards, allocations and bindings.
extension Event {
  func writeAllocationBody(to writer: inout CanonicalWriter) {
    switch self {
    case .awardEnded(let body): body.writeBody(to: &writer)
    case .memberAdded(let body), .memberRemoved(let body): body.writeBody(to: &writer)
    case .amendmentDrafted(let body): body.writeBody(to: &writer)
    case .amendmentReturned(let id): writer.field("amendment", id)
    case .amendmentApproved(let body): body.writeBody(to: &writer)
    case .allocationMade(let body): body.writeBody(to: &writer)
    case .allocationReturned(let body): body.writeBody(to: &writer)
    case .allocationDeparted(let body): body.writeBody(to: &writer)
    case .wipeOrdered(let body): body.writeBody(to: &writer)
    case .departureReturned(let body): body.writeBody(to: &writer)
    case .lendingOffered(let body): body.writeBody(to: &writer)
    case .lendingWithdrawn(let id): writer.field("lending", id)
    case .lendingConcluded(let body): body.writeBody(to: &writer)
    case .lendingRecalled(let body): body.writeBody(to: &writer)
    case .lendingEnded(let body): body.writeBody(to: &writer)
    case .handoverConfirmed(let body): body.writeBody(to: &writer)
    case .bindingEnforced(let body): body.writeBody(to: &writer)
    case .bindingDrifted(let body): body.writeBody(to: &writer)
    case .clockStarted(let body): body.writeBody(to: &writer)
    case .agentEnrolled(let body): body.writeBody(to: &writer)
    case .agentRevoked(let id): writer.field("agent", id)
    default: preconditionFailure("another stage's event")
    }
  }

  init?(allocation type: String, from reader: inout CanonicalReader) throws(Malformed) {
    switch type {
    case "memberAdded": self = .memberAdded(try .init(from: &reader))
    case "memberRemoved": self = .memberRemoved(try .init(from: &reader))
    case "amendmentReturned": self = .amendmentReturned(try reader.field("amendment"))
    case "allocationMade": self = .allocationMade(try .init(from: &reader))
    case "allocationReturned": self = .allocationReturned(try .init(from: &reader))
    case "allocationDeparted": self = .allocationDeparted(try .init(from: &reader))
    case "wipeOrdered": self = .wipeOrdered(try .init(from: &reader))
    case "departureReturned": self = .departureReturned(try .init(from: &reader))
    case "lendingOffered": self = .lendingOffered(try .init(from: &reader))
    case "lendingWithdrawn": self = .lendingWithdrawn(try reader.field("lending"))
    case "lendingConcluded": self = .lendingConcluded(try .init(from: &reader))
    case "lendingRecalled": self = .lendingRecalled(try .init(from: &reader))
    case "handoverConfirmed": self = .handoverConfirmed(try .init(from: &reader))
    case "bindingEnforced": self = .bindingEnforced(try .init(from: &reader))
    case "agentEnrolled": self = .agentEnrolled(try .init(from: &reader))
    case "agentRevoked": self = .agentRevoked(try reader.field("agent"))
    default: return nil
    }
  }
}
