import JSONText

/// A task as the gateway tells it (contract, section 4), as far as a person wants to know.
struct TaskReport: Equatable, Sendable {
    /// A finished video.
    struct Video: Equatable, Sendable {
        var contentType: String
        var bytes: Int64
        var sha256: String
    }

    /// What is known of a POST whose reply was lost.
    struct Evidence: Equatable, Sendable {
        var attempt: Int64
        /// When the attempt began, in seconds since 1970.
        var sent: Int64
        /// When its reply was given up for lost, in seconds since 1970.
        var lost: Int64
        var bytesSent: Int64?
        /// The HTTP status that came, if one did.
        var httpStatus: Int64?
        var message: String
        /// What the provider calls the request.
        var providerRequestID: String?
    }

    /// All of it, for those who read JSON.
    let json: JSONValue
    let id: String
    let model: String
    let status: String
    /// `gateway.state`.
    let state: String
    let progress: Int
    /// Seconds since 1970.
    let created: Int64
    /// The last change, in seconds since 1970.
    let updated: Int64
    let queuePosition: Int64?
    let failureCode: String?
    let failureMessage: String?
    let videos: [Video]
    /// Of an uncertain task.
    let evidence: Evidence?

    /// `nil` if this is no task of a gateway.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let status = json["status"]?.string,
            let gateway = json["gateway"], let state = gateway["state"]?.string
        else { return nil }
        self.json = json
        self.id = id
        self.status = status
        self.state = state
        model = json["model"]?.string ?? ""
        progress = Int(clamping: json["progress"]?.integer ?? 0)
        created = json["created"]?.integer ?? 0
        updated = gateway["updated"]?.integer ?? 0
        queuePosition = gateway["queue_position"]?.integer
        failureCode = json["error"]?["code"]?.string
        failureMessage = json["error"]?["message"]?.string
        videos = (json["results"]?.array ?? []).compactMap(Video.init)
        evidence = gateway["evidence"].flatMap(Evidence.init)
    }

    /// Whether it can still change by itself.
    var isOpen: Bool { ["pending", "processing"].contains(status) }

    /// How many seconds it has lived, until its end if it has ended.
    func age(now: Int64) -> Int64 { max(0, (isOpen ? now : updated) - created) }

    var line: String { String(decoding: json.serialized(), as: UTF8.self) }

    /// Why there is no video; `nil` if there is one, or may yet be.
    var failure: CommandError? {
        switch status {
        case "pending", "processing", "completed":
            return nil
        case "cancelled":
            return CommandError("task \(id) was cancelled before it was sent; it cost nothing")
        default:
            let message = [failureCode, failureMessage].compactMap(\.self).joined(separator: ": ")
            return CommandError("task \(id) failed: \(message)", remedy: remedy)
        }
    }

    private var remedy: String {
        switch failureCode {
        case "outcome_unknown":
            "Do not send the job again: it may run and be billed. How to settle it: reelgate tasks show \(id)"
        case "dismissed": "It was settled by hand as never billed; send the job again if it is still wanted."
        case "content_policy_violation", "invalid_parameters", "image_processing_error",
            "image_dimension_mismatch":
            "Change the job before you send it again; failed tasks are refunded."
        default: "Send the job again later; failed tasks are refunded."
        }
    }
}

extension TaskReport.Video {
    fileprivate init?(_ json: JSONValue) {
        guard let bytes = json["bytes"]?.integer, let sha256 = json["sha256"]?.string else { return nil }
        self.init(contentType: json["content_type"]?.string ?? "", bytes: bytes, sha256: sha256)
    }
}

extension TaskReport.Evidence {
    fileprivate init?(_ json: JSONValue) {
        guard let attempt = json["attempt"]?.integer, let sent = json["sent"]?.integer,
            let lost = json["lost"]?.integer, let message = json["words"]?.string
        else { return nil }
        self.init(
            attempt: attempt, sent: sent, lost: lost, bytesSent: json["bytes_sent"]?.integer,
            httpStatus: json["status"]?.integer, message: message,
            providerRequestID: json["provider_request_id"]?.string)
    }
}
