public import MadangProgramme

/// Why the access file cannot be opened. MDG-194x.
public enum AccessFailure: Refusing, Hashable {
  /// The file or its folder cannot be made, read or written.
  case cannotOpen(path: String, reason: String)
  /// Another program's file has this name.
  case notAccess(path: String)
  /// The file's schema is newer than this Madang.
  case newer(found: Int, known: Int)
  /// The database did not take the setting that makes a commit survive a power cut.
  case notDurable(synchronous: Int)

  public var code: String {
    switch self {
    case .cannotOpen: "MDG-1941"
    case .notAccess: "MDG-1942"
    case .newer: "MDG-1943"
    case .notDurable: "MDG-1944"
    }
  }

  public func what(_ language: Language) -> String {
    switch self {
    case .cannotOpen(let path, let reason):
      said(
        language, ko: "\(path)을(를) 열 수 없습니다: \(reason).", en: "\(path) cannot be opened: \(reason)."
      )
    case .notAccess(let path):
      said(language, ko: "\(path)은(는) 접근 권한 파일이 아닙니다.", en: "\(path) is no access file.")
    case .newer(let found, let known):
      said(
        language, ko: "접근 권한 파일이 더 새로운 마당의 것입니다(형식 \(found), 아는 형식 \(known)).",
        en: "The access file is of a newer Madang (format \(found), known is \(known)).")
    case .notDurable(let found):
      said(
        language, ko: "데이터베이스가 안전한 기록 설정을 받아들이지 않았습니다(synchronous=\(found)).",
        en: "The database did not take the durable setting (synchronous=\(found)).")
    }
  }

  public func help(_ language: Language) -> String {
    switch self {
    case .cannotOpen:
      said(language, ko: "폴더와 권한을 확인하십시오.", en: "Check the folder and its permissions.")
    case .notAccess:
      said(language, ko: "그 파일을 다른 곳으로 옮기십시오.", en: "Move that file elsewhere.")
    case .newer:
      said(language, ko: "새 버전의 마당을 쓰십시오.", en: "Use the newer Madang.")
    case .notDurable:
      said(
        language, ko: "다른 디스크나 다른 SQLite를 쓰십시오.", en: "Use another disk or another SQLite.")
    }
  }
}
