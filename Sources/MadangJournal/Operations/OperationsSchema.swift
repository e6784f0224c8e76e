/// The operations tables of `journal.sqlite`: what is metered, held and observed. None of it is
/// hashed into the ledger; hourly statements seal it, and after that it may be archived by month.
///
/// ```
/// usage        segments, by cluster and time    never changed; deleted only where archived
/// refusedUsage segments that were not taken, whole, with the reason: for ever, so many a cluster
/// refusedBeyond how many more a cluster sent
/// cancelled    segments that should not have been, by key; never taken back
/// entry        budget moved between accounts    for ever
/// hold         budget kept for a job            pending → posted, voided, expired
/// balance      the sums of the entries          kept, and recounted by `checkInvariants`
/// deviceCount, reservation                      what was observed, where it changed
/// coverage     when anybody looked              stretches that grow at their end
/// seal         what an hour's statement holds   so that late usage is noticed
/// archived     before when a cluster's segments are gone
/// ```
/// A job's 128 bits stand in two columns with their highest bit turned over, so that SQLite's
/// signed order is the order of the unsigned number.
enum OperationsSchema {
  /// What version 2 had.
  private static let first =
    usage + budgets + observations + AgentSchema.statements + JobSchema.statements

  static let statements = first + refusedUsage + refusedBeyond

  /// What version 3 added. Nothing of a refused segment is believed, so nothing of it is checked.
  static let refusedUsage = """
    CREATE TABLE refusedUsage (
      cluster INTEGER NOT NULL,
      jobHigh INTEGER NOT NULL,
      jobLow INTEGER NOT NULL,
      number INTEGER NOT NULL,
      fromAt INTEGER NOT NULL,
      toAt INTEGER NOT NULL,
      gpus INTEGER NOT NULL,
      model INTEGER NOT NULL,
      allocation INTEGER NOT NULL, -- 0: of none.
      code TEXT NOT NULL,
      receivedAt INTEGER NOT NULL,
      ko TEXT, -- The reason's sentence. Nothing in rows of version 3.
      en TEXT,
      PRIMARY KEY (cluster, jobHigh, jobLow, number, fromAt, toAt, gpus, model, allocation)
    ) STRICT, WITHOUT ROWID;

    """

  /// What version 4 added.
  static let refusedSentences = """
    ALTER TABLE refusedUsage ADD COLUMN ko TEXT;
    ALTER TABLE refusedUsage ADD COLUMN en TEXT;

    """

  /// What version 5 added: hours of the programme, which begin at any second and may be shorter.
  private static let sealedSeconds = """
    ALTER TABLE seal ADD COLUMN seconds INTEGER NOT NULL DEFAULT 3600
      CHECK (seconds BETWEEN 1 AND 3600);
    UPDATE seal SET hour = hour * 3600;

    """

  /// What version 6 added.
  static let refusedBeyond = """
    CREATE TABLE refusedBeyond (
      cluster INTEGER PRIMARY KEY,
      segments INTEGER NOT NULL CHECK (segments > 0)
    ) STRICT;

    """

  /// From a file of that version to this one's.
  static func migration(from version: Int) -> String {
    switch version {
    case ..<2: statements
    case 2: refusedUsage + sealedSeconds + refusedBeyond
    case 3: refusedSentences + sealedSeconds + refusedBeyond
    case 4: sealedSeconds + refusedBeyond
    default: refusedBeyond
    }
  }

  private static let usage = """
    CREATE TABLE usage (
      cluster INTEGER NOT NULL CHECK (cluster > 0),
      fromAt INTEGER NOT NULL CHECK (fromAt >= 0),
      jobHigh INTEGER NOT NULL,
      jobLow INTEGER NOT NULL,
      number INTEGER NOT NULL CHECK (number >= 0),
      toAt INTEGER NOT NULL CHECK (toAt > fromAt AND toAt <= fromAt + 86400),
      gpus INTEGER NOT NULL CHECK (gpus > 0),
      model INTEGER NOT NULL CHECK (model > 0),
      allocation INTEGER CHECK (allocation > 0),
      PRIMARY KEY (cluster, fromAt, jobHigh, jobLow, number)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX usage_key ON usage (cluster, jobHigh, jobLow, number);
    CREATE TRIGGER usage_kept BEFORE UPDATE ON usage
      BEGIN SELECT RAISE(ABORT, 'a segment is never changed'); END;
    CREATE TRIGGER usage_stays BEFORE DELETE ON usage
      WHEN OLD.toAt > ifnull((SELECT before FROM archived WHERE cluster = OLD.cluster), -1)
      BEGIN SELECT RAISE(ABORT, 'a segment is deleted only where it is archived'); END;

    CREATE TABLE cancelled (
      cluster INTEGER NOT NULL,
      jobHigh INTEGER NOT NULL,
      jobLow INTEGER NOT NULL,
      number INTEGER NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (cluster, jobHigh, jobLow, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER cancelled_kept BEFORE UPDATE ON cancelled
      BEGIN SELECT RAISE(ABORT, 'a cancellation is never changed'); END;
    CREATE TRIGGER cancelled_stays BEFORE DELETE ON cancelled
      BEGIN SELECT RAISE(ABORT, 'a cancellation is never deleted'); END;

    CREATE TABLE archived (
      cluster INTEGER PRIMARY KEY CHECK (cluster > 0),
      before INTEGER NOT NULL
    ) STRICT;
    CREATE TRIGGER archived_ahead BEFORE UPDATE ON archived WHEN NEW.before < OLD.before
      BEGIN SELECT RAISE(ABORT, 'what is archived stays archived'); END;

    CREATE TABLE archivedUsage (
      allocation INTEGER PRIMARY KEY CHECK (allocation > 0),
      seconds INTEGER NOT NULL CHECK (seconds >= 0)
    ) STRICT;

    CREATE TABLE seal (
      cluster INTEGER NOT NULL CHECK (cluster > 0),
      hour INTEGER NOT NULL, -- When it begins.
      changes INTEGER NOT NULL CHECK (changes >= 0), -- Batches that touched it since its draft.
      drafted INTEGER,  -- `changes` when `draft` was computed.
      draft BLOB,
      draftNumber INTEGER, -- The statement's number, which the journal knows once it has it.
      sealed INTEGER,   -- `changes` when what the journal holds was computed.
      totals BLOB,
      seconds INTEGER NOT NULL DEFAULT 3600 CHECK (seconds BETWEEN 1 AND 3600),
      PRIMARY KEY (cluster, hour)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX seal_changed ON seal (cluster, hour) WHERE changes > sealed;
    CREATE INDEX seal_drafted ON seal (cluster, hour) WHERE draft IS NOT NULL;

    """

  private static let budgets = """
    CREATE TABLE entry (
      number INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      allocation INTEGER NOT NULL CHECK (allocation > 0),
      -- As `BudgetAccount`: 0 awarded, 1 budget, 2 held, 3 used.
      fromAccount INTEGER NOT NULL CHECK (fromAccount BETWEEN 0 AND 3),
      toAccount INTEGER NOT NULL CHECK (toAccount BETWEEN 0 AND 3 AND toAccount <> fromAccount),
      seconds INTEGER NOT NULL CHECK (seconds > 0),
      holdHigh INTEGER,
      holdLow INTEGER,
      event INTEGER, -- Of a grant: the event that granted it.
      corrects INTEGER CHECK (corrects < number)
    ) STRICT;
    CREATE UNIQUE INDEX entry_event ON entry (allocation, event) WHERE event IS NOT NULL;
    CREATE TRIGGER entry_kept BEFORE UPDATE ON entry
      BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
    CREATE TRIGGER entry_stays BEFORE DELETE ON entry
      BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;

    CREATE TABLE balance (
      allocation INTEGER PRIMARY KEY CHECK (allocation > 0),
      granted INTEGER NOT NULL DEFAULT 0,
      held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
      used INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE hold (
      keyHigh INTEGER NOT NULL,
      keyLow INTEGER NOT NULL,
      allocation INTEGER NOT NULL CHECK (allocation > 0),
      seconds INTEGER NOT NULL CHECK (seconds > 0),
      expiresAt INTEGER NOT NULL,
      state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3), -- As `HoldState`.
      posted INTEGER NOT NULL DEFAULT 0 CHECK (posted BETWEEN 0 AND seconds),
      PRIMARY KEY (keyHigh, keyLow)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX hold_expires ON hold (expiresAt) WHERE state = 0;
    CREATE TRIGGER hold_goes_on BEFORE UPDATE ON hold
      WHEN OLD.state <> 0 OR NEW.seconds <> OLD.seconds OR NEW.allocation <> OLD.allocation
        OR NEW.expiresAt <> OLD.expiresAt OR NEW.posted < OLD.posted
      BEGIN SELECT RAISE(ABORT, 'a hold that has ended does not change'); END;

    """

  private static let observations = """
    CREATE TABLE deviceCount (
      cluster INTEGER NOT NULL CHECK (cluster > 0),
      at INTEGER NOT NULL,
      up INTEGER NOT NULL CHECK (up >= 0),
      down INTEGER NOT NULL CHECK (down >= 0),
      maintenance INTEGER NOT NULL CHECK (maintenance >= 0),
      preparing INTEGER NOT NULL CHECK (preparing >= 0),
      PRIMARY KEY (cluster, at)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE reservation (
      cluster INTEGER NOT NULL CHECK (cluster > 0),
      allocation INTEGER NOT NULL CHECK (allocation > 0),
      at INTEGER NOT NULL,
      gpus INTEGER NOT NULL CHECK (gpus >= 0),
      ready INTEGER NOT NULL CHECK (ready >= 0),
      PRIMARY KEY (cluster, allocation, at)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE coverage (
      cluster INTEGER NOT NULL CHECK (cluster > 0),
      fromAt INTEGER NOT NULL,
      toAt INTEGER NOT NULL CHECK (toAt >= fromAt),
      PRIMARY KEY (cluster, fromAt)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER coverage_grows BEFORE UPDATE ON coverage
      WHEN NEW.cluster <> OLD.cluster OR NEW.fromAt <> OLD.fromAt OR NEW.toAt < OLD.toAt
      BEGIN SELECT RAISE(ABORT, 'what was observed stays observed'); END;

    """
}
