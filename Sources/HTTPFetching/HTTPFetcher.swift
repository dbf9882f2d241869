package import Transport

/// Outbound HTTP over libcurl's multi-socket interface, on one event loop.
package final class HTTPFetcher: Sendable {
    package init(loop: EventLoop, userAgent: String, connectionsMax: Int = 64) {}

    /// Does one request and returns its whole answer. Follows no redirect. Cancelled with its task.
    package func fetch(_ request: FetchRequest) async -> FetchOutcome { fatalError("seam") }

    /// Does one GET whose body is given on in pieces as it comes, off the loop's callbacks, with back-pressure.
    /// The status and fields are in the outcome; a `sink` that throws ends the transfer with `.stoppedBySink`.
    package func download(
        _ request: FetchRequest, to sink: @escaping @Sendable ([UInt8]) throws -> Void
    ) async -> FetchOutcome { fatalError("seam") }
}

/// One outbound request.
package struct FetchRequest: Sendable {
    package enum Body: Sendable {
        case none
        /// May be sent again by libcurl if a reused connection dies.
        case repeatable([UInt8])
        /// Handed to libcurl once: a second reading is refused (contract, section 6).
        case once([UInt8])
    }

    package var method: String
    package var url: String
    package var fields: [(name: String, value: String)]
    package var body: Body
    package var connectTimeout: Duration
    /// For the whole exchange; `nil` for none.
    package var timeout: Duration?
    /// Fewer bytes a second than 1 for this long ends the transfer.
    package var stallTimeout: Duration?
    /// The longest answer body that is read, in bytes.
    package var responseLimit: Int64
    /// A unix-domain socket to connect to instead of the URL's host.
    package var unixSocket: String?

    package init(_ method: String, _ url: String, body: Body = .none) {
        self.method = method
        self.url = url
        self.fields = []
        self.body = body
        self.connectTimeout = .seconds(10)
        self.timeout = .seconds(60)
        self.responseLimit = 1 << 20
    }
}

package enum FetchOutcome: Sendable {
    case answered(FetchResponse)
    case failed(FetchFailure)
}

package struct FetchResponse: Sendable {
    package var status: Int
    /// In order, names as sent.
    package var fields: [(name: String, value: String)]
    /// Empty after `download`.
    package var body: [UInt8]

    package init(status: Int, fields: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The first field of this name, compared without case.
    package subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// A transfer that brought no whole answer.
package struct FetchFailure: Error, Equatable, Sendable {
    package enum Stage: Equatable, Sendable {
        /// Name, connect, TLS or proxy failure, or a timeout, with no byte of the request written.
        case beforeSending
        /// At least one byte of the request may have been written.
        case afterSending
        /// The sink refused; not the network's fault.
        case stoppedBySink
        /// The answer grew over `responseLimit`.
        case tooLarge
        case cancelled
    }

    package var stage: Stage
    /// libcurl's words and number, without URL or field.
    package var words: String
    package var bytesSent: Int64
    /// The status, if one came before the failure.
    package var status: Int?

    package init(stage: Stage, words: String, bytesSent: Int64 = 0, status: Int? = nil) {
        self.stage = stage
        self.words = words
        self.bytesSent = bytesSent
        self.status = status
    }
}
