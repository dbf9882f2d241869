/// A fault that the simulation injects.
enum Fault: Int, CaseIterable, Sendable {
    // The process and its machine.
    case crash, stop, clockJump
    // The store.
    case storeUnavailable, storeReplyLost, storeOutage
    // A POST.
    case notSent, requestLost, replyLost, noReply, refused, rateLimited, credentials, quota, unreachable,
        modelUnavailable
    // A task at the provider.
    case taskFails, slowTask, endlessTask, taskForgotten, lateResult, linksExpireEarly
    // A poll.
    case pollFails, pollSlow, pollUnknownStatus
    // The archive.
    case copyFails, copySlow
    // A receiver of webhooks.
    case receiverUnreachable, receiverFails, receiverReplyLost

    /// The highest rate under any seed, in millionths: per step for the faults of the process, otherwise per
    /// occasion.
    var highestRate: UInt64 {
        switch self {
        case .crash: 8_000
        case .stop: 2_000
        case .clockJump: 8_000
        case .storeUnavailable, .storeReplyLost: 60_000
        case .storeOutage: 5_000
        case .notSent, .requestLost, .replyLost, .noReply, .refused, .rateLimited: 200_000
        case .credentials, .quota, .unreachable, .modelUnavailable: 30_000
        case .taskFails, .slowTask, .endlessTask, .taskForgotten: 100_000
        case .lateResult, .linksExpireEarly: 500_000
        case .pollFails, .pollSlow, .pollUnknownStatus: 200_000
        case .copyFails, .copySlow: 300_000
        case .receiverUnreachable, .receiverFails, .receiverReplyLost: 300_000
        }
    }
}
