import MadangEngines
import MadangJournal
import MadangProgramme

/// A local cluster's whole folder may be lost: deleted, or not in the backup that was put back. A
/// new one knows no job, and would begin again whatever was committed to start. So before it is
/// made, every job that may have begun in the old one ends, in the operations and on the machine.
/// Cut off anywhere, there still is no folder, and all of it is done again.
extension Yard {
  /// The engine that had a cluster's folder, where that is not there; or never was.
  func lostOptions(_ id: ClusterID) throws(YardFailure) -> LocalEngine.Options? {
    let cluster = journal.programme.clusters[id]
    let folder = try ClusterFolder(data: folder, cluster.slug)
    do throws(EngineFailure) {
      let options = try EmbeddedCluster.localOptions(id, cluster, folder)
      return options.keepsJobs ? nil : options
    } catch {
      throw .engine(error)
    }
  }

  /// Ends what may have begun in a folder that is lost.
  func endLostJobs(
    _ id: ClusterID, _ options: LocalEngine.Options, _ at: Instant
  ) throws(YardFailure) {
    let open: [StoredTask]
    do throws(JournalError) { open = try operations.openTasks() } catch { throw .journal(error) }
    for task in open {
      guard let token = task.token else { continue }
      let places = localClusters(of: task.allocation)
      var isKnown = !places.contains(id)
      for place in places where place != id {
        if try knows(place, token) { isKnown = true }
      }
      if isKnown { continue }
      do throws(EngineFailure) {
        guard try options.endLost(token) else {
          throw .unreachable(reason: "\(options.folder) is lost, and \(token.hex) does not end")
        }
      } catch {
        throw .engine(error)
      }
      do throws(JournalError) {
        _ = try operations.end([token], as: .voided, at: at)
        let end = TaskEnd(LocalEnd.Reason.folderLost.rawValue, exitCode: nil, at: at)
        try operations.ended(task.job, task.index, end)
      } catch {
        throw .journal(error)
      }
    }
  }

  /// Where an allocation's jobs may have begun: where it is, and where it was.
  private func localClusters(of allocation: AllocationID) -> [ClusterID] {
    let programme = journal.programme
    let left = programme.departures.ids.map { programme.departures[$0] }
      .filter { $0.allocation == allocation }.map(\.cluster)
    return Set(left + [programme.allocations[allocation].cluster]).sorted()
      .filter { programme.bindings.row($0)?.engine?.kind == .local }
  }

  /// Whether a cluster's engine knows a token. One that is there and cannot be asked stops all: it
  /// may be running the job.
  private func knows(_ id: ClusterID, _ token: EngineJob) throws(YardFailure) -> Bool {
    if let engine = embedded[id]?.local { return engine.job(token) != nil }
    guard try lostOptions(id) == nil else { return false }
    throw .engine(.unreachable(reason: "\(id) cannot be asked for \(token.hex)"))
  }
}

extension LocalEngine {
  /// What people should look at: the first of it, where there is more.
  var trouble: String? {
    if let first = troubles().min(by: { $0.key < $1.key }) {
      return "\(first.key.hex): \(first.value)"
    }
    return damagedJobs().first.map { "\($0): its folder cannot be read or removed" }
  }
}
