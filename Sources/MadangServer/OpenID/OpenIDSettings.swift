import Foundation
import MadangProgramme
public import MadangTransport

/// An identity provider (OpenID Connect) by which people may sign in, as the office set it up.
///
/// The client's secret is in no text and no reflection of it.
public struct OpenIDSettings: Sendable {
  /// As the provider has it, to the letter.
  public let issuer: String
  public let client: String
  let secret: String?
  /// What the button and refusals call it.
  public let name: String
  /// Whether an identity that is new may be linked by an invitation.
  public let takesInvitations: Bool
  /// Where browsers find this server, such as `https://madang.example`.
  public let home: OfficeAddress
  let web: WebClient

  /// Where the provider sends a browser back to; it has to be registered there.
  public var returnAddress: String { "\(home)\(OpenIDSettings.returnPath)" }
  static let returnPath = "/signin/openid/return"

  private static let secretBytesMax = 4_096

  /// Reads the secret and the authorities. `secretFile` holds the client's secret in its first
  /// line, and others may not read it; none for a public client. `authority` is a PEM file of who
  /// may vouch for the provider's certificate, else the system's.
  public init(
    issuer: String, client: String, secretFile: String?, name: String?, takesInvitations: Bool,
    authority: String?, home: OfficeAddress
  ) throws(OpenIDSettingsFault) {
    guard let address = WebAddress(issuer), !issuer.contains("?") else { throw .issuer(issuer) }
    guard !client.isEmpty, client.utf8.count <= 255,
      client.utf8.allSatisfy({ (33..<127).contains($0) })
    else { throw .client }
    self.issuer = issuer
    self.client = client
    self.name = name ?? address.server.host
    self.takesInvitations = takesInvitations
    self.home = home
    if let secretFile {
      secret = try OpenIDSettings.secret(in: secretFile)
    } else {
      secret = nil
    }
    do {
      web = try WebClient(authority: authority)
    } catch {
      throw .authority(authority ?? "-")
    }
  }

  private static func secret(in path: String) throws(OpenIDSettingsFault) -> String {
    let attributes: [FileAttributeKey: Any]
    do {
      attributes = try FileManager.default.attributesOfItem(atPath: path)
    } catch {
      throw .secret(path: path)
    }
    guard let mode = attributes[.posixPermissions] as? NSNumber, mode.intValue & 0o007 == 0 else {
      throw .exposed(path: path)
    }
    guard let data = FileManager.default.contents(atPath: path),
      let line = String(data: data, encoding: .utf8)?.split(whereSeparator: \.isNewline).first,
      line.utf8.count <= secretBytesMax
    else { throw .secret(path: path) }
    return String(line)
  }
}

extension OpenIDSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Issuer and client, and nothing else.
  public var description: String { "OpenIDSettings(\(issuer), \(client), hidden)" }
  /// Issuer and client, and nothing else.
  public var debugDescription: String { description }
  /// No children, so that `dump` shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
