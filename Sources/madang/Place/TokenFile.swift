import Foundation
import MadangTransport
import MadangViews

/// Where a person's token for one server is kept: a file that nobody else may read, named by the
/// server, so that a token is never sent to another.
///
///     ~/.config/madang/tokens/office.example_8443
///
/// `MADANG_TOKEN` goes before it. A token is never an argument: others on the machine see those.
struct TokenFile {
  let path: String

  init(_ office: OfficeAddress) {
    let environment = ProcessInfo.processInfo.environment
    let home = FileManager.default.homeDirectoryForCurrentUser.path + "/.config"
    let base = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home
    path = "\(base)/madang/tokens/\(office.host)_\(office.port)"
  }

  /// What stands in the file, whoever may read it; nothing where that is no token.
  var kept: String? {
    guard let data = FileManager.default.contents(atPath: path), data.count <= 512 else {
      return nil
    }
    let text = String(decoding: data, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    return TokenFile.isToken(text) ? text : nil
  }

  /// Nothing where there is none: then a stranger asks.
  func token(_ output: Output) throws -> String? {
    if let token = ProcessInfo.processInfo.environment["MADANG_TOKEN"], !token.isEmpty {
      return try checked(token, output)
    }
    let handle = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard handle >= 0 else { return nil }
    let file = FileHandle(fileDescriptor: handle, closeOnDealloc: true)
    var status = stat()
    guard fstat(handle, &status) == 0, status.st_mode & 0o077 == 0, status.st_uid == geteuid()
    else {
      throw Failure(
        code: "MDG-3015",
        what: output.say(
          ko: "\(path)을(를) 다른 사용자도 읽을 수 있습니다.", en: "Others may read \(path)."),
        help: output.say(
          ko: "그 토큰을 폐기하고, 새 토큰을 chmod 0600 파일에 두십시오.",
          en: "Have that token revoked, and keep a new one in a file of mode 0600."),
        json: output.json)
    }
    let data = try file.read(upToCount: 4_096) ?? Data()
    return try checked(
      String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines), output)
  }

  /// Keeps a token, in the place of any before it.
  func keep(_ token: String, _ output: Output) throws {
    let token = try checked(token, output)
    let temporary = "\(path).\(getpid())"
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      let handle = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard handle >= 0 else { throw CocoaError(.fileWriteNoPermission) }
      try FileHandle(fileDescriptor: handle, closeOnDealloc: true)
        .write(contentsOf: Data((token + "\n").utf8))
      guard rename(temporary, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } catch {
      unlink(temporary)
      throw Failure(
        code: "MDG-3016",
        what: output.say(ko: "\(path)을(를) 쓸 수 없습니다.", en: "\(path) cannot be written."),
        help: output.say(
          ko: "폴더의 권한을 확인하거나 XDG_CONFIG_HOME을 주십시오.",
          en: "Check who may write there, or set XDG_CONFIG_HOME."), json: output.json)
    }
  }

  /// What can stand in a header.
  private func checked(_ token: String, _ output: Output) throws -> String {
    guard TokenFile.isToken(token) else {
      throw Failure.usage(output, ko: "토큰을 쓸 수 없습니다.", en: "The token cannot be used.")
    }
    return token
  }

  private static func isToken(_ text: String) -> Bool {
    (1...512).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
