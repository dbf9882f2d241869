/// The exit status of a command (contract, section 1).
enum ExitStatus: Int32, Sendable {
    case done = 0
    /// The job or the check failed.
    case failed = 1
    case wrongUsage = 2
    /// The gateway is unreachable.
    case unreachable = 3
}
