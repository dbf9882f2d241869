/// A transfer without a complete response.
package struct FetchError: Error, Equatable, Sendable {
    package enum Stage: Equatable, Sendable {
        /// No byte of the request was written: a failure of name resolution, connection, TLS or proxy, or a
        /// timeout.
        case beforeSending
        /// At least one byte of the request may have been written.
        case afterSending
        /// The sink rejected the download; not a network error.
        case stoppedBySink
        /// The response exceeded `responseLimit`.
        case tooLarge
        case cancelled
    }

    package var stage: Stage
    /// libcurl's description and code, without URL or fields.
    package var message: String
    /// Bytes of the request written over all connections; 0 only if certainly none were.
    package var bytesSent: Int64
    /// The status, if one was received before the failure.
    package var status: Int?
    /// Whether the response was received but its `Content-Encoding` did not match its bytes.
    package var isUndecodable: Bool
    /// The proxy that the transfer used or would have used.
    package var proxy: OutboundProxy?
    /// The received beginning of the response body.
    package var received: [UInt8] = []

    /// Whether the receiver of a download must not keep what it has received.
    package var forbidsKeeping = false

    /// The most bytes kept in `received`.
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

    /// Whether no byte of the request can have reached the server, so that a retry repeats nothing.
    package var isSurelyUnsent: Bool {
        switch stage {
        case .beforeSending: true
        case .cancelled: bytesSent == 0
        case .afterSending, .stoppedBySink, .tooLarge: false
        }
    }
}
