import ArgumentParser
import MadangProgramme
import MadangServer
import MadangTransport

/// An identity provider by which people may sign in (OpenID Connect).
struct SignInOptions: ParsableArguments {
  @Option(
    name: .long,
    help: .said(
      ko: "사람들이 로그인할 수 있는 인증 제공자의 issuer: https://HOST[/PATH].",
      en: "An identity provider by which people may sign in too: its issuer, https://HOST[/PATH]."))
  var openidIssuer: String?
  @Option(name: .long, help: .said(ko: "그곳의 우리 client id.", en: "Our client id there."))
  var openidClient: String?
  @Option(
    name: .long,
    help: .said(
      ko: "client secret이 든 파일. 다른 사람이 읽을 수 없어야 합니다.",
      en: "A file with the client's secret, which others may not read."),
    completion: .file())
  var openidSecretFile: String?
  @Option(
    name: .long,
    help: .said(
      ko: "단추에 쓸 이름. 없으면 issuer의 호스트.", en: "What the button says; else the issuer's host."))
  var openidName: String?
  @Option(
    name: .long,
    help: .said(
      ko: "제공자의 인증서를 보증할 인증기관의 PEM. 없으면 시스템의 것.",
      en: "PEM of who may vouch for the provider's certificate; else the system's."),
    completion: .file())
  var openidAuthority: String?
  @Flag(
    name: .long,
    help: .said(
      ko: "초대장(madang user invite)으로 새 신원을 연결하게 합니다.",
      en: "Let an invitation (madang user invite) link an identity that is new."))
  var openidInvitations = false
  @Option(
    name: .long,
    help: .said(
      ko: "브라우저가 이 서버를 찾는 주소, https://HOST[:PORT]. 없으면 듣는 주소.",
      en: "Where browsers find this server, https://HOST[:PORT]; else where it listens."))
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
