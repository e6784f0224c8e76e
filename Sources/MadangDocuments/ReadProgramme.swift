public import Foundation
public import MadangProgramme

/// The algorithms that a new programme's ledger is proved with; the files do not choose them.
public struct LedgerAlgorithms: Hashable, Sendable {
  public let hash: Slug
  public let signature: Slug

  public init(hash: Slug, signature: Slug) {
    self.hash = hash
    self.signature = signature
  }
}

/// Reads a programme's folder: the folder where it has no fault, and every fault otherwise.
public func readProgramme(
  at folder: URL, algorithms: LedgerAlgorithms
) -> (folder: ProgrammeFolder?, diagnostics: [Diagnostic]) {
  readProgramme(FolderContents(at: folder), algorithms: algorithms)
}

func readProgramme(
  _ contents: FolderContents, algorithms: LedgerAlgorithms
) -> (folder: ProgrammeFolder?, diagnostics: [Diagnostic]) {
  let reading = Reading()
  let files = FolderFiles(contents, reading)
  reading.checkUses()
  files.check()
  let diagnostics = reading.sorted
  guard diagnostics.isEmpty else { return (nil, diagnostics) }
  return (files.folder(algorithms), [])
}

/// Reads one rule set against a programme that has its pools and sources: to try it on a round.
public func readRuleSet(
  at file: URL, in programme: Programme
) -> (rules: RuleSet?, diagnostics: [Diagnostic]) {
  let reading = Reading()
  let name = file.lastPathComponent
  programme.sources.forEach { _, source in reading.know(.source, source.slug.value) }
  programme.pools.forEach { _, pool in reading.know(.pool, pool.slug.value) }
  // The programme keeps a region's short name with sites and applicants, and has no list of them.
  reading.markUnread(Kind.region.file)
  let contents = FolderContents(
    bytes: { _ in FolderContents.bytes(of: file) }, names: { _ in [] })
  let draft = Page(name, contents, reading)?.value.ruleSet()
  reading.checkUses()
  let diagnostics = reading.sorted
  guard diagnostics.isEmpty, let draft else { return (nil, diagnostics) }
  return (draft.resolved(Names(programme).pools), [])
}

extension Page {
  /// A file of a folder; a fault where it cannot be had.
  init?(_ path: String, _ contents: FolderContents, _ reading: Reading) {
    switch contents.bytes(path) {
    case .success(let bytes):
      self.init(file: path, bytes: bytes, reading: reading)
    case .failure(let fault):
      reading.fault(Place(file: path), fault.message, hint: fault.hint)
      return nil
    }
  }
}

extension FolderContents.Fault {
  fileprivate var message: Wording {
    switch self {
    case .missing: Wording(ko: "파일이 없습니다.", en: "There is no such file.")
    case .unreadable: Wording(ko: "파일을 읽을 수 없습니다.", en: "The file cannot be read.")
    case .notAFile: Wording(ko: "보통 파일이 아닙니다.", en: "This is no plain file.")
    case .tooLarge: Wording(ko: "파일이 너무 큽니다.", en: "The file is too large.")
    }
  }

  fileprivate var hint: Wording {
    switch self {
    case .missing:
      Wording(
        ko: "사업 폴더에 이 파일을 두십시오. 형식은 Programmes/README.md에 있습니다.",
        en: "Put it into the programme's folder; Programmes/README.md says what stands in it.")
    case .unreadable: Wording(ko: "읽기 권한을 확인하십시오.", en: "Check its permissions.")
    case .notAFile:
      Wording(ko: "이 자리에 YAML 파일을 두십시오.", en: "Put a YAML file in its place.")
    case .tooLarge:
      Wording(ko: "4 MiB까지 읽습니다.", en: "Files of up to 4 MiB are read.")
    }
  }
}
