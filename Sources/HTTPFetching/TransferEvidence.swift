/// What is known of a transfer when it ends, and what that proves.
///
/// A value, so that every ending can be judged in a test without a network.
struct TransferEvidence {
    /// Why we ended a transfer ourselves.
    enum Stop: Equatable {
        case tooLarge, refusedBySink, cancelled
        /// libcurl asked for a second reading of a body that may be read once.
        case bodyAlreadyRead
        /// The event loop could not watch a socket, or libcurl could not take the transfer.
        case cannotRun(String)
    }

    /// libcurl's result and words for it; `nil` if we ended the transfer before libcurl did.
    var result: (code: Int, message: String)?
    var stop: Stop?
    var head = AnswerHead()
    /// What the complete head says of the body's coding.
    var coding: ContentCoding?
    /// Whether libcurl undoes that coding.
    var isDecoded = false
    /// How often a request was begun on a connection that was up (CURLOPT_PREREQFUNCTION).
    var requestsBegun = 0
    /// Why the address guard let no connection to an address be made; another address may have passed.
    var refusedAddress: String?
    /// Bytes of heads and bodies written, those to a proxy's CONNECT included.
    var bytesWritten: Int64 = 0
    /// Whether libcurl asked for any of the body.
    var bodyWasRead = false

    /// The proxy of a transfer that libcurl could not do.
    var proxy: OutboundProxy?

    /// CURLE_OK and CURLE_FILESIZE_EXCEEDED.
    private static let ok = 0, fileTooLarge = 63
    /// CURLE_BAD_CONTENT_ENCODING.
    private static let undecodable = 61
    /// CURLE_SEND_FAIL_REWIND: libcurl wanted to send again, which must not be.
    private static let notRewound = 65

    /// The outcome that this proves; a failure is `beforeSending` only if surely nothing was written.
    func outcome(body: [UInt8]) -> FetchOutcome {
        var outcome = ending(body)
        if case .failed(var failure) = outcome {
            failure.received = Array(body.prefix(FetchError.receivedMax))
            outcome = .failed(failure)
        }
        return outcome
    }

    private func ending(_ body: [UInt8]) -> FetchOutcome {
        switch stop {
        case .cancelled: return failure(.cancelled, "the transfer was cancelled")
        case .refusedBySink: return failure(.stoppedBySink, "the receiver of the download refused it")
        case .tooLarge: return failure(.tooLarge, "the answer is larger than allowed")
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
        guard head.isComplete, let status = head.status else {
            return failure(.afterSending, "the answer was cut inside its head")
        }
        return .answered(
            FetchResponse(
                status: status, fields: head.fields, body: body, bytesSent: bytesWritten,
                contentCoding: isDecoded ? coding?.names.joined(separator: ", ") : nil))
    }

    /// Whether nothing of the request was written: libcurl got no connection that was up, or wrote nothing to
    /// it.
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
