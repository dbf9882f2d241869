/// What is known about a transfer at its end, and the outcome that this proves.
///
/// A value, so that every outcome can be tested without a network.
struct TransferEvidence {
    /// The reason why this process stopped a transfer.
    enum Stop: Equatable {
        case tooLarge, rejectedBySink, cancelled
        /// libcurl asked to read a read-once body again.
        case bodyAlreadyRead
        /// The event loop could not register a socket, or libcurl could not start the transfer.
        case cannotRun(String)
    }

    /// libcurl's result and its description; `nil` if the transfer was stopped before.
    var result: (code: Int, message: String)?
    var stop: Stop?
    var head = ReceivedHead()
    /// The content coding in the complete head.
    var coding: ContentCoding?
    /// Whether libcurl decodes that coding.
    var isDecoded = false
    /// How often a request began on an established connection (CURLOPT_PREREQFUNCTION).
    var requestsBegun = 0
    /// Why the address guard refused an address; another one may have been allowed.
    var refusedAddress: String?
    /// Bytes of heads and bodies written, including those of a proxy's CONNECT.
    var bytesWritten: Int64 = 0
    /// Whether libcurl read any of the body.
    var bodyWasRead = false

    /// The proxy of a failed transfer.
    var proxy: OutboundProxy?

    /// CURLE_OK and CURLE_FILESIZE_EXCEEDED.
    private static let ok = 0, fileTooLarge = 63
    /// CURLE_BAD_CONTENT_ENCODING.
    private static let undecodable = 61
    /// CURLE_SEND_FAIL_REWIND: libcurl wanted to send the body again, which is not allowed.
    private static let notRewound = 65

    /// Returns the proven outcome; a failure is `beforeSending` only if certainly nothing was written.
    func outcome(body: [UInt8]) -> FetchOutcome {
        var outcome = rawOutcome(body)
        if case .failed(var failure) = outcome {
            failure.received = Array(body.prefix(FetchError.receivedMax))
            outcome = .failed(failure)
        }
        return outcome
    }

    private func rawOutcome(_ body: [UInt8]) -> FetchOutcome {
        switch stop {
        case .cancelled: return failure(.cancelled, "the transfer was cancelled")
        case .rejectedBySink: return failure(.stoppedBySink, "the receiver of the download refused it")
        case .tooLarge: return failure(.tooLarge, "the response is larger than allowed")
        case .bodyAlreadyRead:
            return failure(stage, "the connection died after the request was begun; not sent again")
        case .cannotRun(let message): return failure(stage, message + proxyNote)
        case nil: break
        }
        guard let result else { return failure(stage, "the transfer ended without a result") }
        if result.code == Self.fileTooLarge { return failure(.tooLarge, result.message) }
        if result.code == Self.notRewound {
            return failure(stage, "the connection closed before a reply came (65)" + proxyNote)
        }
        guard result.code == Self.ok else {
            return failure(stage, refusedAddress ?? result.message + proxyNote)
        }
        guard head.isComplete, head.status != nil else {
            return failure(.afterSending, "the connection closed within the head of the response")
        }
        return .completed(response(body: body))
    }

    /// Returns the response whose head is complete.
    func response(body: [UInt8] = []) -> FetchResponse {
        FetchResponse(
            status: head.status ?? 0, fields: head.fields, body: body, bytesSent: bytesWritten,
            contentCoding: isDecoded ? coding?.names.joined(separator: ", ") : nil)
    }

    /// Whether nothing of the request was written: there was no established connection, or nothing was
    /// written to it.
    private var isUnsent: Bool { !bodyWasRead && (requestsBegun == 0 || bytesWritten == 0) }

    private var stage: FetchError.Stage { isUnsent ? .beforeSending : .afterSending }

    private var proxyNote: String { proxy.map { ", through the proxy \($0)" } ?? "" }

    private func failure(_ stage: FetchError.Stage, _ message: String) -> FetchOutcome {
        var failure = FetchError(
            stage: stage, message: message, bytesSent: isUnsent ? 0 : max(1, bytesWritten),
            status: head.status, isUndecodable: result?.code == Self.undecodable)
        failure.proxy = proxy
        return .failed(failure)
    }
}
