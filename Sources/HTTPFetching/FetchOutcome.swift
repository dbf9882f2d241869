/// What came of one request. Every ending is one of these; nothing throws.
package enum FetchOutcome: Sendable {
    /// A whole answer, whatever its status.
    case answered(FetchResponse)
    case failed(FetchError)
}

package struct FetchResponse: Sendable {
    package var status: Int
    /// In order, names as sent.
    package var fields: [(name: String, value: String)]
    /// Empty after `download`.
    package var body: [UInt8]
    /// Bytes of the request, head and body, that were written before the answer.
    package var bytesSent: Int64
    /// The content coding that was undone, such as `gzip`; `nil` if the body is what was transferred, so that
    /// `Content-Length` and `Range` count its bytes.
    package var contentCoding: String?
    /// How long `Retry-After` asks to wait, where a caller has read it.
    package var retryAfter: Duration?

    package init(
        status: Int, fields: [(name: String, value: String)] = [], body: [UInt8] = [], bytesSent: Int64 = 0,
        contentCoding: String? = nil
    ) {
        self.status = status
        self.fields = fields
        self.body = body
        self.bytesSent = bytesSent
        self.contentCoding = contentCoding
    }

    /// The first field of this name, compared without case.
    package subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }
}

/// A transfer that brought no whole answer.
package struct FetchError: Error, Equatable, Sendable {
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
    package var message: String
    /// Written of the request, over all connections that libcurl tried; 0 only if surely nothing was.
    package var bytesSent: Int64
    /// The status, if one came before the failure.
    package var status: Int?
    /// Whether the response came and its `Content-Encoding` did not describe its bytes.
    package var isUndecodable: Bool
    /// The proxy that it went through, or was to go through.
    package var proxy: OutboundProxy?
    /// The beginning of the response's body, as far as it came.
    package var received: [UInt8] = []

    /// The longest beginning of a body that is kept, in bytes.
    package static let receivedMax = 4096

    package init(
        stage: Stage, message: String, bytesSent: Int64 = 0, status: Int? = nil, isUndecodable: Bool = false
    ) {
        self.stage = stage
        self.message = message
        self.bytesSent = bytesSent
        self.status = status
        self.isUndecodable = isUndecodable
    }

    /// Whether no byte of the request can have reached the other side, so that sending it again repeats
    /// nothing.
    package var isSurelyUnsent: Bool {
        switch stage {
        case .beforeSending: true
        case .cancelled: bytesSent == 0
        case .afterSending, .stoppedBySink, .tooLarge: false
        }
    }
}
