internal import CrashPoints
internal import CCurl

/// One request on its way, as libcurl's callbacks see it. They only record: libcurl must not be called from
/// them, so what follows is done when its call has returned.
final class Transfer {
    let number: UInt64
    let request: FetchRequest
    /// Where the body of a download goes; `nil` collects it.
    let flow: DownloadBuffer?
    private let finish: (FetchOutcome) -> Void
    /// Makes libcurl pass the body on as it comes.
    var leaveUndecoded: () -> Void = {}

    /// Whether a proxy, which the operator chose, makes the connection to the URL's host.
    private lazy var isProxied = ProxyEnvironment.process.proxies(request.url)

    private(set) var evidence = TransferEvidence()
    private var body: [UInt8] = []
    private var bodySize: Int64 = 0
    private var sent = 0
    private let onceBody: [UInt8]?

    init(
        number: UInt64, request: FetchRequest, flow: DownloadBuffer?, finish: @escaping (FetchOutcome) -> Void
    ) {
        self.number = number
        self.request = request
        self.flow = flow
        self.finish = finish
        if case .once(let bytes) = request.body { onceBody = bytes } else { onceBody = nil }
    }

    /// What happened to a piece of the answer's body.
    enum Receipt { case taken, paused, refused }

    /// Whether a connection to the address may be made.
    func mayConnect(to address: IPAddress?) -> Bool {
        guard let address, let addressGuard = request.addressGuard, !isProxied,
            let refusal = addressGuard.refusal(of: address)
        else { return true }
        evidence.refusedAddress = refusal
        return false
    }

    /// Whether a request may be begun on the connection that is now up, which may be a reused one.
    func mayBegin(at address: IPAddress?) -> Bool {
        guard mayConnect(to: address) else { return false }
        evidence.requestsBegun += 1
        if onceBody != nil { reached(.connectionReady) }
        // A second time means that a reused connection died. Harmless unless some of the body may have been
        // sent; a body of no bytes was sent with the head.
        guard let onceBody, evidence.requestsBegun > 1, evidence.bodyWasRead || onceBody.isEmpty else {
            return true
        }
        evidence.stop = .bodyAlreadyRead
        return false
    }

    /// The next piece of the body that may be read once; `nil` for every reading after the last byte.
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

    /// Whether no connection was up for it yet.
    var isWaiting: Bool { evidence.requestsBegun == 0 }

    func receiveHead(_ line: [UInt8]) -> Bool {
        if onceBody != nil { reached(.responseStarted) }
        guard evidence.head.take(line) else {
            evidence.stop = .tooLarge
            return false
        }
        if evidence.head.isComplete, evidence.coding == nil { noteCoding() }
        return true
    }

    /// A coding that libcurl does not know would end the transfer, and a paid response comes only once.
    private func noteCoding() {
        let coding = ContentCoding(evidence.head.fields)
        evidence.coding = coding
        evidence.isDecoded = !coding.names.isEmpty && coding.isReadable && request.contentCoding != .undecoded
        if !coding.isReadable { leaveUndecoded() }
    }

    func receiveBody(_ piece: [UInt8]) -> Receipt {
        let size = bodySize + Int64(piece.count)
        guard size <= request.responseLimit else {
            evidence.stop = .tooLarge
            return .refused
        }
        if let flow {
            // The words of an error are no part of what was to be downloaded.
            let isWanted = (200...299).contains(evidence.head.status ?? 0)
            if isWanted, !flow.offer(piece) { return .paused }
        } else {
            body += piece
        }
        bodySize = size
        return .taken
    }

    /// Ends the transfer. `code` is libcurl's result, or `nil` if it is ended for the given reason.
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
