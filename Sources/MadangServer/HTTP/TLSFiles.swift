import MadangProgramme
import NIOSSL

/// The server's certificate, with those between it and its authority, and its private key: two
/// files of PEM. They are read when the server starts.
public struct TLSFiles: Hashable, Sendable {
  public let certificate: String
  public let key: String

  public init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }

  func configuration() throws(HTTPRefusal) -> TLSConfiguration {
    let chain: [NIOSSLCertificate]
    do {
      chain = try NIOSSLCertificate.fromPEMFile(certificate)
    } catch {
      throw .unusableCertificate(path: certificate, reason: "no certificate can be read from it")
    }
    guard !chain.isEmpty else {
      throw .unusableCertificate(path: certificate, reason: "there is no certificate in it")
    }
    let secret: NIOSSLPrivateKey
    do {
      secret = try NIOSSLPrivateKey(file: key, format: .pem)
    } catch {
      throw .unusableCertificate(path: key, reason: "no private key can be read from it")
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(secret))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    do {
      _ = try NIOSSLContext(configuration: configuration)
    } catch {
      throw .unusableCertificate(path: key, reason: "it is not the key of \(certificate)")
    }
    return configuration
  }
}
