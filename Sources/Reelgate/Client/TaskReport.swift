import JSONText

/// A task as the gateway tells it (contract, section 4), as far as a person wants to know.
struct TaskReport: Equatable, Sendable {
    /// A finished video.
    struct Video: Equatable, Sendable {
        var contentType: String
        var bytes: Int64
        var sha256: String
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
    }

    /// Whether it can still change by itself.
    var isOpen: Bool { ["pending", "processing"].contains(status) }

    /// How many seconds it has lived, until its end if it has ended.
    func age(now: Int64) -> Int64 { max(0, (isOpen ? now : updated) - created) }

    var line: String { String(decoding: json.serialized(), as: UTF8.self) }

    /// Why there is no video; `nil` if there is one, or may yet be.
    var failure: CommandFailure? {
        switch status {
        case "pending", "processing", "completed":
            return nil
        case "cancelled":
            return CommandFailure("task \(id) was cancelled before it was sent; it cost nothing")
        default:
            let words = [failureCode, failureMessage].compactMap(\.self).joined(separator: ": ")
            return CommandFailure("task \(id) failed: \(words)", remedy: remedy)
        }
    }

    private var remedy: String {
        switch failureCode {
        case "outcome_unknown":
            "Do not send the job again yet: it may be running and billed. See reelgate tasks show \(id)"
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
