import ArgumentParser
import MadangProgramme
import MadangServer
import MadangTransport

/// An identity provider by which people may sign in (OpenID Connect).
struct SignInOptions: ParsableArguments {
  @Option(
    name: .long,
    help: "An identity provider by which people may sign in too: its issuer, https://HOST[/PATH].")
  var openidIssuer: String?
  @Option(name: .long, help: "Our client id there.") var openidClient: String?
  @Option(
    name: .long, help: "A file with the client's secret, which others may not read.",
    completion: .file())
  var openidSecretFile: String?
  @Option(name: .long, help: "What the button says; else the issuer's host.")
  var openidName: String?
  @Option(
    name: .long, help: "PEM of who may vouch for the provider's certificate; else the system's.",
    completion: .file())
  var openidAuthority: String?
  @Flag(name: .long, help: "Let an invitation (madang user invite) link an identity that is new.")
  var openidInvitations = false
  @Option(
    name: .long,
    help: "Where browsers find this server, https://HOST[:PORT]; else where it listens.")
  var home: String?

  /// Nothing where no provider is named.
  func settings(
    listening address: ListenAddress, isSecure: Bool, _ output: Output
  ) throws -> OpenIDSettings? {
    guard let openidIssuer else { return nil }
    guard let openidClient else {
      throw Failure.usage(
        output, ko: "--openid-client도 주십시오.", en: "Give --openid-client too.")
    }
    let text = home ?? "\(isSecure ? "https" : "http")://\(address)"
    guard let home = OfficeAddress(text), address.port != 0 || self.home != nil else {
      throw Failure.usage(
        output, ko: "브라우저가 이 서버를 찾는 주소를 --home으로 주십시오(예: https://madang.example).",
        en: "Say where browsers find this server: --home, such as https://madang.example.")
    }
    return try output.refusing { () throws(OpenIDSettingsFault) in
      try OpenIDSettings(
        issuer: openidIssuer, client: openidClient, secretFile: openidSecretFile,
        name: openidName, takesInvitations: openidInvitations, authority: openidAuthority,
        home: home)
    }
  }
}
