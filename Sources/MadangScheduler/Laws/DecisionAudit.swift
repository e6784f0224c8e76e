/// What holds for a decision by itself: told after it was made, before anything else happens.
extension Scheduler {
  /// Nobody starts and leaves, or is told to, in one decision; who leaves has run, and does so for
  /// a job that starts or is to arrive. O(decision).
  public borrowing func audit(_ decision: Decision) -> [Breach] {
    var breaches: [Breach] = []
    let started = Set(decision.starts.map(\.job))
    if started.count != decision.starts.count {
      breaches.append(Breach(law: "starts once", detail: "\(decision.starts)"))
    }
    for start in decision.starts where jobs[start.job.int].state != .running {
      breaches.append(Breach(law: "who starts runs", detail: "job \(start.job.value)"))
    }
    for eviction in decision.evictions + decision.notices {
      let (job, row) = (eviction.job, jobs[eviction.job.int])
      if started.contains(job) {
        breaches.append(Breach(law: "starts or leaves", detail: "job \(job.value)"))
      }
      // Who was adopted may have begun at this very moment.
      if row.startedIn != 0, row.startedAt >= now {
        breaches.append(Breach(law: "who leaves has run", detail: "job \(job.value)"))
      }
    }
    // Before them stand those whose notice is over: whom they left for may be gone.
    let offNow = scratch.off.count { $0.beneficiary >= 0 }
    for eviction in decision.evictions.suffix(offNow) + decision.notices {
      let beneficiary = eviction.beneficiary
      if !started.contains(beneficiary), jobs[beneficiary.int].state != .arriving {
        breaches.append(Breach(law: "leaves for somebody", detail: "job \(eviction.job.value)"))
      }
    }
    return breaches
  }
}
