import Gateway
import VideoJobs

/// The claims to the unfinished tasks of a `MemoryTaskStore`, as in a store that several gateways share.
struct MemoryClaims: Sendable {
    private var term: Int64 = 0
    private var newest: [String: WorkClaim] = [:]
    private var granted: [TaskID: WorkClaim] = [:]

    mutating func begin(owner: String, at now: Timestamp, lease: Duration) -> WorkClaim {
        term += 1
        let claim = WorkClaim(owner: owner, term: term, begin: now, leaseEnd: now + lease)
        newest[owner] = claim
        return claim
    }

    /// Whether a claim is the newest of its owner.
    func isValid(_ claim: WorkClaim) -> Bool { newest[claim.owner] == claim }

    /// Grants a task to a claim unless another owner holds it under a lease.
    mutating func grant(_ id: TaskID, to claim: WorkClaim) -> Bool {
        if let holder = granted[id], holder.owner != claim.owner, holder.leaseEnd > claim.begin {
            return false
        }
        granted[id] = claim
        return true
    }
}
