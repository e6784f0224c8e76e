/// The tables of `access.sqlite`.
///
/// ```
/// account ──┬── grant      its roles
///           ├── identity   who it is to an identity provider
///           ├── invitation links one of those, once
///           ├── session    signed in: hash of the secret, since when, seen last
///           └── token      for programs: hash, label, roles, until when
/// seen                     who saw whose personal data: only ever added to
/// ```
/// No secret stands here that opens anything: passwords as records, the others as SHA-256.
enum AccessSchema {
  /// "MDAC", in the file's header.
  static let applicationID = 0x4D44_4143
  /// In the file's header too. Raised with every change, which then migrates older files.
  static let version = 2

  /// What takes a file from each version to the next, in order: a new file goes through all.
  static let steps = [first, identities]

  private static let identities = """
    CREATE TABLE identity (
      issuer TEXT NOT NULL CHECK (length(issuer) BETWEEN 1 AND 512),
      subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
      account INTEGER NOT NULL REFERENCES account (id),
      linkedAt INTEGER NOT NULL CHECK (abs(linkedAt) <= 9007199254740991),
      PRIMARY KEY (issuer, subject)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX identity_account ON identity (account);

    CREATE TABLE invitation (
      hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
      account INTEGER NOT NULL UNIQUE REFERENCES account (id),
      expiresAt INTEGER NOT NULL CHECK (abs(expiresAt) <= 9007199254740991)
    ) STRICT, WITHOUT ROWID;
    """

  static let first = """
    CREATE TABLE account (
      id INTEGER PRIMARY KEY CHECK (id > 0),
      name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
      person INTEGER NOT NULL CHECK (person BETWEEN 1 AND 9007199254740991),
      password TEXT NOT NULL CHECK (password GLOB 'scrypt$*' OR password GLOB 'pbkdf2-sha256$*'),
      disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
      createdAt INTEGER NOT NULL CHECK (abs(createdAt) <= 9007199254740991)
    ) STRICT;
    CREATE TRIGGER account_stays BEFORE DELETE ON account
      BEGIN SELECT RAISE(ABORT, 'an account is disabled, not deleted'); END;

    CREATE TABLE grant (
      account INTEGER NOT NULL REFERENCES account (id),
      role TEXT NOT NULL
        CHECK (role IN ('officer', 'approver', 'operator', 'team', 'reviewer', 'auditor')),
      scope INTEGER NOT NULL CHECK (scope BETWEEN 0 AND 2147483647), -- 0: the role takes none.
      PRIMARY KEY (account, role, scope),
      CHECK ((role IN ('operator', 'team')) = (scope > 0))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE session (
      hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
      account INTEGER NOT NULL REFERENCES account (id),
      createdAt INTEGER NOT NULL CHECK (abs(createdAt) <= 9007199254740991),
      seenAt INTEGER NOT NULL CHECK (abs(seenAt) <= 9007199254740991)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_account ON session (account, createdAt);

    CREATE TABLE token (
      id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0), -- A number is never given twice.
      hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
      account INTEGER NOT NULL REFERENCES account (id),
      label TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 80),
      roles TEXT, -- Words with commas between; NULL: all that the account has.
      createdAt INTEGER NOT NULL CHECK (abs(createdAt) <= 9007199254740991),
      expiresAt INTEGER NOT NULL
        CHECK (expiresAt > createdAt AND expiresAt <= 9007199254740991),
      usedAt INTEGER CHECK (abs(usedAt) <= 9007199254740991)
    ) STRICT;
    CREATE INDEX token_account ON token (account, id);

    CREATE TABLE seen (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL CHECK (abs(at) <= 9007199254740991),
      account TEXT NOT NULL,
      what TEXT NOT NULL,
      subject TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER seen_kept BEFORE UPDATE ON seen
      BEGIN SELECT RAISE(ABORT, 'what was seen is never changed'); END;
    CREATE TRIGGER seen_stays BEFORE DELETE ON seen
      BEGIN SELECT RAISE(ABORT, 'what was seen is never deleted'); END;
    """
}
