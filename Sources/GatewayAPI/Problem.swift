package import HTTPWire
package import JSONText
package import VideoJobs

/// A failure as HTTP tells it: the only way from an error to a status (contract, section 5).
package struct Problem: Error, Equatable, Sendable {
    /// One thing that is wrong, and where.
    package struct Fault: Equatable, Sendable {
        package enum Place: Equatable, Sendable {
            /// A JSON Pointer into the body (RFC 6901).
            case pointer(String)
            case queryParameter(String)
            case header(String)
            case nowhere
        }

        package var place: Place
        package var code: String
        package var message: String
        package var allowed: [JSONValue]?
        package var hint: String?
        /// Line and column of a text that is not JSON.
        package var position: JSONError?

        package init(_ place: Place, _ code: String, _ message: String) {
            self.place = place
            self.code = code
            self.message = message
        }
    }

    package var status: Int
    /// The contract's word.
    package var code: String
    /// A sentence: what is wrong and, where it is not plain, what to do.
    package var detail: String
    package var faults: [Fault] = []
    /// Seconds.
    package var retryAfter: Int?
    /// Further fields of the answer: `Allow`, `Content-Range`.
    package var fields = HTTPFields()
    /// The task that the failed request made durable or meant.
    package var task: TaskID?
    /// Whether a blind second POST could buy a second video.
    package var forbidsRetry = false

    package init(_ status: Int, _ code: String, _ detail: String) {
        self.status = status
        self.code = code
        self.detail = detail
    }

    /// A parameter of the query that cannot be obeyed.
    package static func badParameter(_ name: String, _ message: String) -> Problem {
        Problem(400, "bad_request", message).with(Fault(.queryParameter(name), "not_allowed", message))
    }

    /// A header field that cannot be obeyed.
    package static func badHeader(_ name: String, _ message: String) -> Problem {
        Problem(400, "bad_request", message).with(Fault(.header(name), "not_allowed", message))
    }

    package func with(_ fault: Fault) -> Problem {
        var problem = self
        problem.faults.append(fault)
        return problem
    }
}

extension Problem {
    /// The reason phrase of the status (RFC 9110 §15).
    var title: String { HTTPStatus.reason(status) }

    /// The word that SDKs of this family choose their error class by.
    var type: String {
        switch status {
        case 401: "authentication_error"
        case 402: "insufficient_quota"
        case 403: "permission_error"
        case 429: "rate_limit_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }

    /// The detail and every fault, for readers that show one sentence only.
    var message: String {
        let messages = faults.map(\.message).filter { !detail.contains($0) }
        return messages.isEmpty ? detail : "\(detail): \(messages.joined(separator: "; "))"
    }

    /// The name of the first thing that is wrong: `duration`, `reference_image_urls[0]`.
    var parameter: String? {
        switch faults.first?.place {
        case .queryParameter(let name)?, .header(let name)?: name
        case .pointer(let text)?: JSONPointer(parsing: text).flatMap(Self.parameter)
        case .nowhere?, nil: nil
        }
    }

    private static func parameter(_ pointer: JSONPointer) -> String? {
        guard let first = pointer.tokens.first else { return nil }
        return pointer.tokens.dropFirst().reduce(first) { name, token in
            Int(token) == nil ? "\(name).\(token)" : "\(name)[\(token)]"
        }
    }
}
