public import MadangEngines
public import MadangJournal
public import MadangProgramme

/// Why the yard cannot go on, or a part of it cannot.
public enum YardFailure: Error, Sendable {
  case journal(JournalError)
  case engine(EngineFailure)
  case refused(Refusal)

  /// Whether a later round may go through: the disk was full or busy, say, and nothing was written.
  /// Where nobody knows what was, only a new start can tell.
  public var passes: Bool {
    switch self {
    case .journal(.outcomeUnknown): false
    case .journal: true
    case .engine, .refused: false
    }
  }
}
