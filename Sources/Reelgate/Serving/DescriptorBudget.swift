import Transport

/// The number of connections that the limit of open files permits.
struct DescriptorBudget: Equatable, Sendable {
    /// The maximum number of connections.
    let connections: Int
    /// A warning if that is less than requested.
    let warning: String?

    /// Descriptors reserved for the store, the archive and provider calls, so that a flood of connections
    /// cannot exhaust them.
    private static let reserveMax = 256

    /// Raises the process' limit of open files as far as permitted and useful: a connection that downloads
    /// also holds a file.
    static func raise(forConnections wanted: Int) -> DescriptorBudget {
        let allowed = ProcessLimits.raiseFileLimit(to: wanted * 2 + reserveMax)
        return DescriptorBudget(connections: wanted, allowed: allowed)
    }

    /// Computes the budget.
    ///
    /// - Parameter allowed: the limit of open files.
    init(connections wanted: Int, allowed: Int) {
        let room = max(1, allowed - min(Self.reserveMax, allowed / 4))
        connections = min(wanted, room)
        guard room < wanted else {
            warning = nil
            return
        }
        warning =
            "only \(allowed) files may be open, so at most \(room) connections are held at once instead of "
            + "\(wanted) (limits.connections): raise it with ulimit -n, or LimitNOFILE= of the service"
    }
}
