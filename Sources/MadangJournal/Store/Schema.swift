/// The tables of `journal.sqlite`.
///
/// ```
/// event ──┬── number 0, 1, 2 … ── leaf            for ever; what the tree is built over
///         ├── opening ── salts and values         erased by emptying
///         └── tile ── the tree's hashes           for ever
/// head        signed roots                        for ever
/// request     keys of the last 30 days            so that anything may be sent twice
/// person      names behind the numbers            erased by emptying
/// meta        name, value
/// …           the operations tables: see `OperationsSchema`
/// ```
/// The schema trusts nobody: what is for ever cannot be changed, deleted or left out, by whatever
/// program opens the file.
enum Schema {
  /// "MDNG", in the file's header.
  static let applicationID = 0x4D44_4E47
  /// In the file's header too. Raised with every change, which then migrates older files.
  static let version = 6

  static let statements = """
    CREATE TABLE event (
      number INTEGER PRIMARY KEY CHECK (number >= 0),
      leaf BLOB NOT NULL,
      sum INTEGER NOT NULL -- The first 8 bytes of the leaf's hash, so that bit rot shows at once.
    ) STRICT;
    CREATE TRIGGER event_appended BEFORE INSERT ON event
      WHEN NEW.number IS NOT (SELECT ifnull(max(number) + 1, 0) FROM event)
      BEGIN SELECT RAISE(ABORT, 'events are appended in order'); END;
    CREATE TRIGGER event_kept BEFORE UPDATE ON event
      BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
    CREATE TRIGGER event_stays BEFORE DELETE ON event
      BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;

    CREATE TABLE opening (
      event INTEGER PRIMARY KEY CHECK (event >= 0),
      sealed BLOB NOT NULL,
      party INTEGER
    ) STRICT;
    CREATE TRIGGER opening_once BEFORE INSERT ON opening
      WHEN EXISTS (SELECT 1 FROM opening WHERE event = NEW.event)
      BEGIN SELECT RAISE(ABORT, 'an opening is never replaced'); END;
    CREATE TRIGGER opening_shrinks BEFORE UPDATE ON opening
      WHEN NEW.event IS NOT OLD.event OR length(NEW.sealed) >= length(OLD.sealed)
        OR (NEW.party IS NOT NULL AND NEW.party IS NOT OLD.party)
      BEGIN SELECT RAISE(ABORT, 'an opening is only ever erased'); END;
    CREATE TRIGGER opening_stays BEFORE DELETE ON opening
      BEGIN SELECT RAISE(ABORT, 'an opening is emptied, not deleted'); END;

    CREATE TABLE tile (
      level INTEGER NOT NULL CHECK (level >= 0),
      number INTEGER NOT NULL CHECK (number >= 0),
      root BLOB NOT NULL CHECK (length(root) = 32),
      hashes BLOB NOT NULL CHECK (length(hashes) = 512),
      PRIMARY KEY (level, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER tile_once BEFORE INSERT ON tile
      WHEN EXISTS (SELECT 1 FROM tile WHERE level = NEW.level AND number = NEW.number)
      BEGIN SELECT RAISE(ABORT, 'a tile is never replaced'); END;
    CREATE TRIGGER tile_kept BEFORE UPDATE ON tile
      BEGIN SELECT RAISE(ABORT, 'a tile is never changed'); END;
    CREATE TRIGGER tile_stays BEFORE DELETE ON tile
      BEGIN SELECT RAISE(ABORT, 'a tile is never deleted'); END;

    CREATE TABLE head (
      number INTEGER PRIMARY KEY CHECK (number >= 0),
      size INTEGER NOT NULL CHECK (size >= 0),
      root BLOB NOT NULL CHECK (length(root) = 32),
      at INTEGER NOT NULL,
      hash TEXT NOT NULL,
      algorithm TEXT NOT NULL,
      key BLOB NOT NULL,
      signature BLOB NOT NULL
    ) STRICT;
    CREATE TRIGGER head_appended BEFORE INSERT ON head
      WHEN NEW.number IS NOT (SELECT ifnull(max(number) + 1, 0) FROM head)
        OR NEW.size < (SELECT ifnull(max(size), 0) FROM head)
      BEGIN SELECT RAISE(ABORT, 'heads are appended, and never cover less'); END;
    CREATE TRIGGER head_kept BEFORE UPDATE ON head
      BEGIN SELECT RAISE(ABORT, 'a head is never changed'); END;
    CREATE TRIGGER head_stays BEFORE DELETE ON head
      BEGIN SELECT RAISE(ABORT, 'a head is never deleted'); END;

    CREATE TABLE request (
      person INTEGER NOT NULL,
      key TEXT NOT NULL,
      digest BLOB NOT NULL CHECK (length(digest) = 32),
      firstEvent INTEGER NOT NULL CHECK (firstEvent >= 0),
      endEvent INTEGER NOT NULL CHECK (endEvent >= firstEvent),
      -- By the machine's clock: an exercise's own is moved on by hand.
      receivedAt INTEGER NOT NULL,
      PRIMARY KEY (person, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE person (
      id INTEGER PRIMARY KEY CHECK (id > 0),
      label TEXT
    ) STRICT;

    CREATE TABLE meta (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """
}
