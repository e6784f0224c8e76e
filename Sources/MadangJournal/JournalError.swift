public import MadangProgramme

/// What can be wrong with a journal as such: its files, its bytes, its place on the disk. Each says
/// what happened and what to do; the codes never change.
///
/// A refused command is no error: see ``SubmissionRefusal``.
public enum JournalError: Refusing, Hashable {
  // Opening.
  case noJournal(folder: String)
  case notAJournal(file: String)
  /// The file's schema is newer than this Madang.
  case newerJournal(found: Int, known: Int)
  case inUse(folder: String, pid: Int32?)
  case cannotOpen(path: String, reason: String)
  /// The database did not take the setting that makes a commit survive a power cut.
  case notDurable(synchronous: Int)

  // What stands in it.
  /// The database itself says that its file is damaged.
  case damaged(reason: String)
  case missingEvent(Int64)
  case malformedEvent(Int64, expected: String, offset: Int)
  case newerEvent(Int64)
  /// Events whose bytes are not those that the tree was built over.
  case alteredEvents(Range<Int64>)
  case damagedTree(level: Int, number: Int)
  case wrongOpening(event: Int64, field: String)
  case damagedOpenings(event: Int64)
  /// A head whose signature is not its key's.
  case wrongSignature(head: Int64)
  /// A signed head whose root the events do not have.
  case wrongRoot(head: Int64, size: Int64)
  /// A head signed by another key than the ones before it, or than was expected.
  case otherKey(head: Int64)

  // Writing.
  /// Nothing of the batch was written; the journal goes on as before.
  case notWritten(reason: String)
  /// The disk failed while committing: the batch may be in the journal or not.
  case outcomeUnknown(reason: String)
  case inboxFull(limit: Int)
  case closed

  // Keys, heads, files.
  case keyMissing(path: String)
  case keyUnusable(path: String)
  case notFounded
  case noHead
  case noSuchSize(Int64, events: Int64)
  case noSuchEvent(Int64, events: Int64)
  /// The event is there, and the newest head covers fewer.
  case notSigned(Int64, size: Int64)
  case fileFailed(path: String, reason: String)
  case randomFailed

  // Operations.
  /// Totals that are kept are not what is counted anew.
  case miscounted(what: String, kept: Int64, counted: Int64)

  public var code: String {
    switch self {
    case .noJournal: "MDG-2010"
    case .notAJournal: "MDG-2011"
    case .newerJournal: "MDG-2012"
    case .inUse: "MDG-2013"
    case .cannotOpen: "MDG-2014"
    case .notDurable: "MDG-2015"
    case .damaged: "MDG-2020"
    case .missingEvent: "MDG-2021"
    case .malformedEvent: "MDG-2022"
    case .newerEvent: "MDG-2023"
    case .alteredEvents: "MDG-2024"
    case .damagedTree: "MDG-2025"
    case .wrongOpening: "MDG-2026"
    case .damagedOpenings: "MDG-2027"
    case .wrongSignature: "MDG-2028"
    case .wrongRoot: "MDG-2029"
    case .otherKey: "MDG-2030"
    case .notWritten: "MDG-2040"
    case .outcomeUnknown: "MDG-2041"
    case .inboxFull: "MDG-2042"
    case .closed: "MDG-2043"
    case .keyMissing: "MDG-2050"
    case .keyUnusable: "MDG-2051"
    case .notFounded: "MDG-2052"
    case .noHead: "MDG-2053"
    case .noSuchSize: "MDG-2054"
    case .noSuchEvent: "MDG-2055"
    case .fileFailed: "MDG-2056"
    case .randomFailed: "MDG-2057"
    case .notSigned: "MDG-2058"
    case .miscounted: "MDG-2060"
    }
  }

  public func what(_ language: Language) -> String {
    let words = whatOfOpening ?? whatOfContent ?? whatOfWriting
    return said(language, ko: words.ko, en: words.en)
  }

  public func help(_ language: Language) -> String {
    let words = helpWords
    return said(language, ko: words.ko, en: words.en)
  }
}

extension JournalError {
  typealias Words = (ko: String, en: String)

  private var whatOfOpening: Words? {
    switch self {
    case .noJournal(let folder):
      ("‘\(folder)’ 폴더에 원장이 없습니다.", "There is no journal in the folder ‘\(folder)’.")
    case .notAJournal(let file):
      (
        "‘\(file)’은(는) 마당의 원장이 아닌 데이터베이스입니다.",
        "‘\(file)’ is a database, but not a journal of Madang."
      )
    case .newerJournal(let found, let known):
      (
        "이 원장은 더 새로운 마당이 썼습니다(형식 \(found), 이 마당은 \(known)까지 압니다).",
        "A newer Madang wrote this journal (format \(found); this one knows up to \(known))."
      )
    case .inUse(let folder, .some(let pid)):
      (
        "‘\(folder)’ 폴더의 원장은 다른 프로세스(pid \(pid))가 쓰고 있습니다.",
        "Another process (pid \(pid)) is writing to the journal in ‘\(folder)’."
      )
    case .inUse(let folder, .none):
      (
        "‘\(folder)’ 폴더의 원장은 다른 프로세스가 쓰고 있습니다.",
        "Another process is writing to the journal in ‘\(folder)’."
      )
    case .cannotOpen(let path, let reason):
      ("‘\(path)’을(를) 열 수 없습니다: \(reason).", "Cannot open ‘\(path)’: \(reason).")
    case .notDurable(let synchronous):
      (
        "데이터베이스가 synchronous=FULL을 받아들이지 않았습니다(현재 \(synchronous)).",
        "The database did not accept synchronous=FULL (it says \(synchronous))."
      )
    default: nil
    }
  }

  private var whatOfContent: Words? {
    switch self {
    case .damaged(let reason):
      ("원장 파일이 손상되었습니다: \(reason).", "The journal's file is damaged: \(reason).")
    case .missingEvent(let number):
      ("원장에 사건 \(number)번이 없습니다.", "The journal has no event \(number).")
    case .malformedEvent(let number, let expected, let offset):
      (
        "사건 \(number)번을 읽을 수 없습니다(\(offset)번째 바이트에 \(expected) 필요).",
        "Event \(number) cannot be read: expected \(expected) at byte \(offset)."
      )
    case .newerEvent(let number):
      (
        "사건 \(number)번은 더 새로운 마당이 썼습니다.", "A newer Madang wrote event \(number)."
      )
    case .alteredEvents(let range) where range.count == 1:
      (
        "사건 \(range.lowerBound)번이 기록된 뒤 바뀌었습니다.",
        "Event \(range.lowerBound) was changed after it was recorded."
      )
    case .alteredEvents(let range):
      (
        "사건 \(range.lowerBound)번부터 \(range.upperBound - 1)번 사이가 기록된 뒤 바뀌었습니다.",
        "Something in events \(range.lowerBound) to \(range.upperBound - 1) was changed after it"
          + " was recorded."
      )
    case .damagedTree(let level, let number):
      (
        "해시 트리의 조각 \(level)/\(number)이(가) 없거나 손상되었습니다.",
        "Tile \(level)/\(number) of the hash tree is missing or damaged."
      )
    case .wrongOpening(let event, let field):
      (
        "사건 \(event)번의 ‘\(field)’ 값이 기록된 확약값과 다릅니다.",
        "The value of ‘\(field)’ in event \(event) is not the one that was committed to."
      )
    case .damagedOpenings(let event):
      (
        "사건 \(event)번의 비공개 값을 읽을 수 없습니다.",
        "The sealed values of event \(event) cannot be read."
      )
    case .wrongSignature(let head):
      ("\(head)번 서명의 검증에 실패했습니다.", "The signature of head \(head) is wrong.")
    case .wrongRoot(let head, let size):
      (
        "\(head)번 서명이 보증하는 사건 \(size)개의 뿌리 해시가 다릅니다.",
        "The \(size) events that head \(head) covers have another root than the one signed."
      )
    case .otherKey(let head):
      ("\(head)번 서명은 다른 키로 되어 있습니다.", "Head \(head) is signed by another key.")
    default: nil
    }
  }

  private var whatOfWriting: Words {
    switch self {
    case .notWritten(let reason):
      (
        "아무것도 기록하지 못했습니다: \(reason).", "Nothing was written: \(reason)."
      )
    case .outcomeUnknown(let reason):
      (
        "기록하는 중에 디스크 오류가 나서 기록 여부를 알 수 없습니다: \(reason).",
        "The disk failed while committing, so it is unknown whether this was written: \(reason)."
      )
    case .inboxFull(let limit):
      (
        "처리를 기다리는 명령이 \(limit)건이라 더 받을 수 없습니다.",
        "\(limit) commands are waiting already."
      )
    case .closed: ("원장이 닫혔습니다.", "The journal is closed.")
    case .keyMissing(let path):
      ("서명 키 ‘\(path)’이(가) 없습니다.", "The signing key ‘\(path)’ is missing.")
    case .keyUnusable(let path):
      (
        "서명 키 ‘\(path)’을(를) 쓸 수 없습니다.",
        "The signing key ‘\(path)’ is not this ledger's, or is damaged."
      )
    case .notFounded: ("이 원장에는 아직 사업이 없습니다.", "This journal has no programme yet.")
    case .noHead: ("이 원장에는 아직 서명이 없습니다.", "This journal has no signed head yet.")
    case .noSuchSize(let size, let events):
      (
        "사건은 \(events)개뿐이어서 \(size)개의 증명은 없습니다.",
        "There are \(events) events, so there is no proof for \(size) of them."
      )
    case .noSuchEvent(let number, let events):
      (
        "사건 \(number)번은 없습니다(사건 \(events)개).",
        "There is no event \(number): there are \(events), counted from 0."
      )
    case .notSigned(let number, let size):
      (
        "사건 \(number)번은 아직 서명되지 않았습니다(서명은 사건 \(size)개까지).",
        "Event \(number) is not signed yet: the newest head covers \(size) events."
      )
    case .fileFailed(let path, let reason):
      (
        "‘\(path)’ 파일을 처리하지 못했습니다: \(reason).", "‘\(path)’ failed: \(reason)."
      )
    case .randomFailed:
      ("시스템이 난수를 주지 않았습니다.", "The system gave no random bytes.")
    case .miscounted(let what, let kept, let counted):
      (
        "\(what)의 합계가 \(kept)(으)로 남아 있지만 다시 세면 \(counted)입니다.",
        "The total of \(what) is kept as \(kept); counted anew it is \(counted)."
      )
    default: ("", "")
    }
  }

  private var helpWords: Words {
    switch self {
    case .noJournal, .notFounded:
      (
        "폴더를 확인하거나 ‘madang programme load 폴더’로 시작하십시오.",
        "Check the folder, or begin with: madang programme load DIR."
      )
    case .notAJournal: ("다른 데이터 폴더를 지정하십시오(--data).", "Use another data folder (--data).")
    case .newerJournal, .newerEvent:
      ("그 마당이나 더 새로운 것으로 여십시오.", "Open it with that Madang, or a newer one.")
    case .inUse:
      (
        "그 프로세스를 통해 쓰거나, 끝나기를 기다리십시오. 읽기는 언제나 됩니다.",
        "Go through that process, or wait until it ends. Reading works at any time."
      )
    case .cannotOpen:
      ("폴더와 권한을 확인하십시오.", "Check the folder and its permissions.")
    case .notDurable:
      (
        "배포판의 SQLite로 다시 빌드하십시오. 이 상태로는 쓰지 않습니다.",
        "Rebuild with your system's SQLite. Nothing is written in this state."
      )
    case .damaged, .missingEvent, .malformedEvent, .alteredEvents, .damagedTree, .damagedOpenings,
      .miscounted:
      (
        "이 폴더는 그대로 두고, 백업을 다른 폴더에 되살려 ‘madang ledger verify’로 검사하십시오.",
        "Keep this folder as it is; restore a backup into another and run: madang ledger verify."
      )
    case .wrongOpening, .wrongSignature, .wrongRoot, .otherKey:
      (
        "누군가 고쳤을 수 있습니다. 이 폴더를 보존하고 백업과 보관한 서명에 대조하십시오.",
        "Somebody may have altered it. Keep this folder, and compare it with a backup and with"
          + " heads that others kept."
      )
    case .notWritten:
      (
        "원인(디스크 공간 등)을 해결하고 같은 명령을 다시 보내십시오.",
        "Remove the cause (disk space, say) and send the same commands again."
      )
    case .outcomeUnknown:
      (
        "디스크를 점검하고 다시 시작한 뒤, 같은 키로 다시 보내십시오. 두 번 기록되지 않습니다.",
        "Check the disk, start again, and send the same commands with the same keys: none is done"
          + " twice."
      )
    case .inboxFull: ("잠시 뒤 같은 키로 다시 보내십시오.", "Send it again in a moment, same key.")
    case .closed: ("다시 여십시오.", "Open it again.")
    case .keyMissing, .keyUnusable:
      ("키의 백업을 되살리십시오.", "Restore the key from its backup.")
    case .noHead: ("명령을 하나 기록하면 서명됩니다.", "Any command that records something signs one.")
    case .noSuchSize, .noSuchEvent: ("더 작은 번호를 주십시오.", "Give a smaller number.")
    case .notSigned:
      (
        "1분쯤 뒤에 다시 물으십시오. 폴더에서는 명령을 하나 기록하면 서명됩니다.",
        "Ask again in a minute; on a folder any command that records something signs."
      )
    case .fileFailed: ("경로, 권한, 공간을 확인하십시오.", "Check the path, permissions and space.")
    case .randomFailed: ("시스템을 점검하십시오.", "Check the system.")
    }
  }
}

/// One sentence in each language.
func said(_ language: Language, ko: String, en: String) -> String {
  switch language {
  case .ko: ko
  case .en: en
  }
}
