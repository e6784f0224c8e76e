/// Something that a programme's folder describes: who, what, where, under which rule.
///
/// Each is one event when it is first defined and one more for each change; the kinds live in the
/// folder of their stage.
public enum Definition: Hashable, Sendable {
  case source(SourceID, Source)
  case party(PartyID, Party)
  case agreement(AgreementID, Agreement)
  case commitment(CommitmentID, Commitment)
  case model(DeviceModelID, DeviceModel)
  case conversions([Conversion])
  case site(SiteID, Site)
  case cluster(ClusterID, Cluster)
  case tranche(TrancheID, Tranche)
  case line(LineID, Line)
  case pool(PoolID, Pool)
  case price(PriceID, Price)
  case charge(ChargeID, UserCharge)
  case holidays(HolidayCalendar)
  /// How many GPUs the programme promises in all.
  case target(Claims)
  /// Civil days for which a team may read what it left, once its work has stopped.
  case readableDays(Int64)
  case call(CallID, Call)
  case track(TrackID, Track)
  case round(RoundID, Round)
  /// The system that runs things at a cluster.
  case engine(ClusterID, ClusterEngine)

  /// The event's type in the journal.
  var type: StaticString {
    switch self {
    case .source: "sourceDefined"
    case .party: "partyDefined"
    case .agreement: "agreementDefined"
    case .commitment: "commitmentDefined"
    case .model: "modelDefined"
    case .conversions: "conversionsDefined"
    case .site: "siteDefined"
    case .cluster: "clusterDefined"
    case .tranche: "trancheDefined"
    case .line: "lineDefined"
    case .pool: "poolDefined"
    case .price: "priceDefined"
    case .charge: "chargeDefined"
    case .holidays: "holidaysDefined"
    case .target: "targetDefined"
    case .readableDays: "readableDaysDefined"
    case .call: "callDefined"
    case .track: "trackDefined"
    case .round: "roundDefined"
    case .engine: "engineDefined"
    }
  }

  func writeBody(to writer: inout CanonicalWriter) {
    func pair<Kind>(_ id: Identifier<Kind>, _ record: some Canonical) {
      writer.field("id", id)
      writer.field("is", record)
    }
    switch self {
    case .source(let id, let record): pair(id, record)
    case .party(let id, let record): pair(id, record)
    case .agreement(let id, let record): pair(id, record)
    case .commitment(let id, let record): pair(id, record)
    case .model(let id, let record): pair(id, record)
    case .conversions(let list): writer.field("are", list)
    case .site(let id, let record): pair(id, record)
    case .cluster(let id, let record): pair(id, record)
    case .tranche(let id, let record): pair(id, record)
    case .line(let id, let record): pair(id, record)
    case .pool(let id, let record): pair(id, record)
    case .price(let id, let record): pair(id, record)
    case .charge(let id, let record): pair(id, record)
    case .holidays(let calendar): writer.field("are", calendar)
    case .target(let claims): writer.field("is", claims)
    case .readableDays(let days): writer.field("is", days)
    case .call(let id, let record): pair(id, record)
    case .track(let id, let record): pair(id, record)
    case .round(let id, let record): pair(id, record)
    case .engine(let id, let record): pair(id, record)
    }
  }

  /// Reads the body of an event of this type; nothing where the type defines nothing.
  init?(type: String, from reader: inout CanonicalReader) throws(Malformed) {
    switch type {
    case "sourceDefined": self = .source(try reader.field("id"), try reader.field("is"))
    case "partyDefined": self = .party(try reader.field("id"), try reader.field("is"))
    case "agreementDefined": self = .agreement(try reader.field("id"), try reader.field("is"))
    case "commitmentDefined": self = .commitment(try reader.field("id"), try reader.field("is"))
    case "modelDefined": self = .model(try reader.field("id"), try reader.field("is"))
    case "conversionsDefined": self = .conversions(try reader.field("are"))
    case "siteDefined": self = .site(try reader.field("id"), try reader.field("is"))
    case "clusterDefined": self = .cluster(try reader.field("id"), try reader.field("is"))
    case "trancheDefined": self = .tranche(try reader.field("id"), try reader.field("is"))
    case "lineDefined": self = .line(try reader.field("id"), try reader.field("is"))
    case "poolDefined": self = .pool(try reader.field("id"), try reader.field("is"))
    case "priceDefined": self = .price(try reader.field("id"), try reader.field("is"))
    case "chargeDefined": self = .charge(try reader.field("id"), try reader.field("is"))
    case "holidaysDefined": self = .holidays(try reader.field("are"))
    case "targetDefined": self = .target(try reader.field("is"))
    case "readableDaysDefined": self = .readableDays(try reader.field("is"))
    case "callDefined": self = .call(try reader.field("id"), try reader.field("is"))
    case "trackDefined": self = .track(try reader.field("id"), try reader.field("is"))
    case "roundDefined": self = .round(try reader.field("id"), try reader.field("is"))
    case "engineDefined": self = .engine(try reader.field("id"), try reader.field("is"))
    default: return nil
    }
  }
}
