import Transport

/// How many connections the open files that the system allows this process leave room for.
struct DescriptorBudget: Equatable, Sendable {
    /// Connections at once.
    let connections: Int
    /// What is to be said if that is less than was wanted.
    let warning: String?

    /// Kept for the store, the archive, and calls to the provider: whoever floods us with connections must
    /// not take those.
    private static let reserveMax = 256

    /// Raises the limit of this process, as far as it may be and is of use: a connection that downloads holds
    /// a file too.
    static func raise(forConnections wanted: Int) -> DescriptorBudget {
        let allowed = ProcessLimits.raiseDescriptors(to: wanted * 2 + reserveMax)
        return DescriptorBudget(connections: wanted, allowed: allowed)
    }

    /// - Parameter allowed: open files at once.
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
