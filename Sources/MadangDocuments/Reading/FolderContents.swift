internal import Foundation

/// A programme's folder as its files' bytes: on disk, or in memory for tests.
struct FolderContents {
  /// Why a file's bytes could not be had.
  enum Fault: Error, Hashable {
    case missing, unreadable, notAFile, tooLarge
  }

  /// A rule set or a holiday list is some kilobytes; nothing of this kind is ever megabytes.
  static let fileBytesMax = 4 * 1_024 * 1_024

  let bytes: (_ path: String) -> Result<[UInt8], Fault>
  /// The names of what lies in a folder of it, ascending.
  let names: (_ folder: String) -> [String]

  init(
    bytes: @escaping (_ path: String) -> Result<[UInt8], Fault>,
    names: @escaping (_ folder: String) -> [String]
  ) {
    self.bytes = bytes
    self.names = names
  }

  init(at folder: URL) {
    bytes = { path in FolderContents.bytes(of: folder.appending(path: path)) }
    names = { path in
      let place = path.isEmpty ? folder : folder.appending(path: path)
      // A folder that is missing has no names; what should have been in it is reported by name.
      let found = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
      return found.sorted()
    }
  }

  static func bytes(of file: URL) -> Result<[UInt8], Fault> {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else {
      return .failure(.missing)
    }
    do {
      // Only a plain file is opened: a pipe or a device could keep the reader for ever.
      let target = file.resolvingSymlinksInPath().path
      let attributes = try FileManager.default.attributesOfItem(atPath: target)
      guard attributes[.type] as? FileAttributeType == .typeRegular else {
        return .failure(.notAFile)
      }
      if let size = attributes[.size] as? NSNumber, size.intValue > fileBytesMax {
        return .failure(.tooLarge)
      }
      let data = try Data(contentsOf: file)
      return data.count > fileBytesMax ? .failure(.tooLarge) : .success([UInt8](data))
    } catch {
      return .failure(.unreadable)
    }
  }
}
