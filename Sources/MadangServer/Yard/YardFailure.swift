public import MadangEngines
public import MadangJournal
public import MadangProgramme

/// Why the yard cannot go on, or a part of it cannot.
public enum YardFailure: Error, Sendable {
  case journal(JournalError)
  case engine(EngineFailure)
  case refused(Refusal)
}
