import HTTPServing

/// The actions of a rule on a call. Several may be set.
struct FaultActions: Equatable, Sendable {
    /// The response in place of the ordinary one.
    enum Reply: Equatable, Sendable {
        case status(Int, retryAfter: String?)
        case garbage(status: Int)
        case redirect(status: Int, to: String)
        case cut(Cut)
        case hang
        case written(ScriptedReply)
    }

    /// The point at which the connection is closed.
    enum Cut: String, CaseIterable, Sendable {
        /// After the head of the request was received, before its body is read.
        case request
        case before, within, after
    }

    /// The kind of truncation of a video.
    enum Truncation: Equatable, Sendable {
        /// The connection is closed in the middle of what is sent, or after so many bytes of it.
        case cut(after: Int?)
        /// Half of the video is sent as a complete response.
        case short

        /// A truncation in a script.
        enum Name: String, CaseIterable, Sendable {
            case cut, short
        }
    }

    var delay: Duration?
    var reply: Reply?
    /// Whether a create that gets `reply` is still accepted.
    var accepts = true
    var failure: SimulatedTask.GenerationError?
    var unknownStatus: String?
    var completedWithoutResults = false
    var expireLinks = false
    var truncation: Truncation?
    /// Models that the list of models leaves out.
    var omittedModels: [String] = []
    /// Whether `Range` is ignored, as by hosts without range requests.
    var ignoresRange = false
    /// The rate at which the response is sent; `nil` for no limit.
    var throttle: ThrottledBody?
    /// Whether the connection is closed after the response.
    var closes = false
    /// Whether an action only makes sense for a result.
    var concernsContent: Bool { expireLinks || truncation != nil || ignoresRange }
    /// The names of the actions, for the ledger.
    var names = ""
}
