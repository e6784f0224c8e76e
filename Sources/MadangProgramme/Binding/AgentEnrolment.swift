/// What a new agent sends once: the office's token, and the key that it made for itself. Its
/// private half never leaves the centre.
public struct AgentEnrolment: Hashable, Record {
  public let version: Int64
  public let algorithm: Slug
  /// The public key, in hexadecimal digits.
  public let key: Text
  public let token: Text

  public init(
    version: Int64 = AgentProtocol.version, algorithm: Slug, key: Text, token: Text
  ) {
    self.version = version
    self.algorithm = algorithm
    self.key = key
    self.token = token
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("algorithm", algorithm)
    writer.field("key", key)
    writer.field("token", token)
    writer.field("version", version)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    algorithm = try reader.field("algorithm")
    key = try reader.field("key")
    token = try reader.field("token")
    version = try reader.field("version")
  }
}
