import Gateway
import HTTPFetching

/// The representation that an unfinished download belongs to.
struct ResumePoint: Equatable, Sendable {
    /// What the body of a response is, by its head.
    enum Body: Equatable, Sendable {
        /// The representation from its first byte; `nil` if it cannot be continued later.
        case whole(ResumePoint?)
        /// The representation from the requested byte up to, not including, `end`.
        case rest(end: Int64, ResumePoint)
    }

    /// A response that does not fit the request: the received part must not be continued with it.
    struct MismatchError: Error {
        let message: String
    }

    /// The statuses of responses with content that is wanted.
    static let successes: Set<Int> = [200, 203, 206]

    let validator: RangeValidator
    /// The length of the representation; `nil` if the host has not stated it.
    var total: Int64?

    init(validator: RangeValidator, total: Int64?) { (self.validator, self.total) = (validator, total) }

    /// Creates the point of a complete response; `nil` if the host offers no way to continue it.
    private init?(_ response: FetchResponse) {
        // The ranges of a coded representation are those of the coding.
        guard response.status == 200, response["Content-Encoding"] == nil,
            response.single("Accept-Ranges")?.lowercased() != "none",
            let validator = RangeValidator(of: response)
        else { return nil }
        self.init(validator: validator, total: response.announcedLength)
    }

    /// The fields of a request for the rest after `offset` bytes (RFC 9110 §13.1.5, §14.2).
    func fields(after offset: Int64) -> [(name: String, value: String)] {
        [(name: "Range", value: "bytes=\(offset)-"), (name: "If-Range", value: validator.text)]
    }

    /// Returns what a successful response to a plain request is.
    static func body(of response: FetchResponse) throws -> Body {
        guard successes.contains(response.status) else {
            throw ArchiveErrorMapper.statusError(response.status)
        }
        guard response.status == 206 else { return .whole(ResumePoint(response)) }
        // A 206 that nobody asked for is accepted if it has the whole content.
        guard let length = response.announcedLength,
            let range = response.single("Content-Range").flatMap(ContentRange.init),
            range.first == 0, range.last == length - 1, range.total == length
        else { throw ArchiveError.transfer(message: "the result link responded 206") }
        return .whole(nil)
    }

    /// Returns what a successful response to a request for the rest after `offset` bytes is.
    func body(of response: FetchResponse, after offset: Int64) throws -> Body {
        guard response.status == 206 else { return try Self.body(of: response) }
        guard response["Content-Encoding"] == nil, response.contentCoding == nil,
            let range = response.single("Content-Range").flatMap(ContentRange.init),
            let length = range.total, range.first == offset
        else {
            throw MismatchError(message: "the host sent another part than the requested one")
        }
        guard validator.matches(response), total ?? length == length else {
            throw MismatchError(message: "the result has changed since its first part was received")
        }
        guard response.announcedLength ?? (range.last + 1 - offset) == range.last + 1 - offset else {
            throw MismatchError(message: "the host stated two lengths for one part")
        }
        return .rest(end: range.last + 1, ResumePoint(validator: validator, total: length))
    }
}

extension FetchResponse {
    /// The stated length of the content; `nil` if there is none, or if a content coding was decoded.
    var announcedLength: Int64? {
        contentCoding == nil ? self["Content-Length"].flatMap { Int64($0) } : nil
    }
}
