internal import CrashPoints
internal import CCurl

/// A transfer as seen by libcurl's callbacks. They only record, because libcurl must not be called from them;
/// consequences follow when its call returns.
final class Transfer {
    let number: UInt64
    let request: FetchRequest
    /// The buffer of a download; `nil` collects the body.
    let download: DownloadBuffer?
    private let finish: (FetchOutcome) -> Void
    /// Makes libcurl pass the body on without decoding it.
    var disableDecoding: () -> Void = {}

    /// Whether a proxy, chosen by the operator, connects to the URL's host.
    private lazy var isProxied = !request.isDirect && ProxyEnvironment.process.proxies(request.url)

    private(set) var evidence = TransferEvidence()
    private var body: [UInt8] = []
    private var bodySize: Int64 = 0
    private var sent = 0
    private var hasBegunDownload = false
    /// Changes with each received line or piece.
    private(set) var activity: UInt64 = 0
    /// Whether the receiver, not the host, is what the transfer waits for.
    private(set) var isPaused = false
    private let onceBody: [UInt8]?

    init(
        number: UInt64, request: FetchRequest, download: DownloadBuffer?,
        finish: @escaping (FetchOutcome) -> Void
    ) {
        self.number = number
        self.request = request
        self.download = download
        self.finish = finish
        if case .once(let bytes) = request.body { onceBody = bytes } else { onceBody = nil }
    }

    /// The result of receiving a piece of the body.
    enum BodyResult { case accepted, paused, rejected }

    /// Returns whether a connection to the address is allowed.
    func mayConnect(to address: IPAddress?) -> Bool {
        guard let address, let addressGuard = request.addressGuard, !isProxied,
            let refusal = addressGuard.refusal(of: address)
        else { return true }
        evidence.refusedAddress = refusal
        return false
    }

    /// Returns whether a request may begin on the connected, possibly reused connection.
    func mayBeginRequest(at address: IPAddress?) -> Bool {
        guard mayConnect(to: address) else { return false }
        evidence.requestsBegun += 1
        if onceBody != nil { reached(.connectionReady) }
        // A second call means that a reused connection closed. Harmless unless part of the body may have been
        // sent; an empty body was sent with the head.
        guard let onceBody, evidence.requestsBegun > 1, evidence.bodyWasRead || onceBody.isEmpty else {
            return true
        }
        evidence.stop = .bodyAlreadyRead
        return false
    }

    /// Returns the next piece of a body that may be read once; `nil` for a read after the last byte.
    func readBody(atMost count: Int) -> ArraySlice<UInt8>? {
        evidence.bodyWasRead = true
        guard let onceBody, sent < onceBody.count else {
            evidence.stop = .bodyAlreadyRead
            return nil
        }
        let piece = onceBody[sent...].prefix(count)
        sent += piece.count
        reached(.bodyProvided)
        return piece
    }

    /// Whether no connection has been established yet.
    var isWaiting: Bool { evidence.requestsBegun == 0 }

    func receiveHead(_ line: [UInt8]) -> Bool {
        activity &+= 1
        if onceBody != nil { reached(.responseStarted) }
        guard evidence.head.parse(line) else {
            evidence.stop = .tooLarge
            return false
        }
        if evidence.head.isComplete, evidence.coding == nil { readContentCoding() }
        return true
    }

    /// libcurl would fail a transfer with an unknown coding, but a paid response cannot be requested again.
    private func readContentCoding() {
        let coding = ContentCoding(evidence.head.fields)
        evidence.coding = coding
        evidence.isDecoded = !coding.names.isEmpty && coding.isReadable && request.contentCoding != .undecoded
        if !coding.isReadable { disableDecoding() }
    }

    func receiveBody(_ piece: RawSpan) -> BodyResult {
        activity &+= 1
        let result = accept(piece)
        isPaused = result == .paused
        return result
    }

    private func accept(_ piece: RawSpan) -> BodyResult {
        let size = bodySize + Int64(piece.byteCount)
        guard size <= request.responseLimit else {
            evidence.stop = .tooLarge
            return .rejected
        }
        if let download {
            // The body of an error response is not part of the download, and may explain it.
            if (200...299).contains(evidence.head.status ?? 0) {
                if !enqueue(piece, to: download) { return .paused }
            } else {
                body.append(piece.extracting(first: FetchResponse.errorBodyMax - body.count))
            }
        } else {
            body.append(piece)
        }
        bodySize = size
        return .accepted
    }

    private func enqueue(_ piece: RawSpan, to download: DownloadBuffer) -> Bool {
        if !hasBegunDownload {
            hasBegunDownload = true
            download.begin(evidence.response())
        }
        return download.enqueue(piece)
    }

    /// Ends the transfer. `code`: libcurl's result, or `nil` if it is stopped for the given reason.
    func end(_ easy: CurlEasy?, code: CURLcode?, stop: TransferEvidence.Stop? = nil) {
        if onceBody != nil { reached(.responseComplete) }
        if evidence.stop == nil { evidence.stop = stop }
        if let easy { evidence.bytesWritten = easy.bytesWritten }
        if let easy, let code { evidence.result = (Int(code.rawValue), easy.message(for: code)) }
        if code != CURLE_OK, request.mayUseProxy { evidence.proxy = OutboundProxy.used(forURL: request.url) }
        finish(evidence.outcome(body: body))
    }
}

@available(*, unavailable)
extension Transfer: Sendable {}  // Belongs to one event loop.
