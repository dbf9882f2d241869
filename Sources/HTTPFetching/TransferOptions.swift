internal import CCurl
internal import Glibc

/// What all transfers of a fetcher have in common.
struct CurlSettings {
    let userAgent: String
    /// Open connections, idle ones included.
    let connectionsMax: Int
    /// A PEM file of authorities to trust in place of the system's.
    let certificateFile: String?
}

// What one transfer is allowed and asked to do, as libcurl's options.
extension CurlEasy {
    /// Sets everything for a transfer; `refusedOption` says whether libcurl took it all.
    func prepare(_ transfer: Transfer, _ settings: CurlSettings) {
        setRules()
        if let file = settings.certificateFile { set(CURLOPT_CAINFO, file) }
        setTarget(transfer.request, userAgent: settings.userAgent)
        setLimits(transfer.request, isDownload: transfer.flow != nil)
        setContentCoding(transfer)
        setBody(transfer.request)
        setCallbacks(transfer)
    }

    /// What holds for every request.
    private func setRules() {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        // A redirect would carry the key to another host (contract, section 7).
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_HTTP09_ALLOWED, 0)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        // Our fields are for the server: a proxy's CONNECT gets none of them, and its answer is not the
        // server's.
        set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_TCP_NODELAY, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_PATH_AS_IS, 1)
    }

    private func setTarget(_ request: FetchRequest, userAgent: String) {
        set(CURLOPT_URL, request.url)
        set(CURLOPT_USERAGENT, userAgent)
        if let path = request.unixSocket { set(CURLOPT_UNIX_SOCKET_PATH, path) }
        // The environment's proxy cannot reach this machine. For other hosts libcurl reads it.
        if !request.mayUseProxy { set(CURLOPT_PROXY, "") }
        // `Expect` would cost a second on servers that do not know it; a content type is ours to state or
        // leave out.
        var lines = ["Expect:"]
        if !request.fields.contains(where: { $0.name.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        for field in request.fields {
            lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        setFields(lines)
    }

    private func setLimits(_ request: FetchRequest, isDownload: Bool) {
        set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.curlMilliseconds)
        if let timeout = request.timeout { set(CURLOPT_TIMEOUT_MS, timeout.curlMilliseconds) }
        if let stall = request.stallTimeout {
            set(CURLOPT_LOW_SPEED_LIMIT, 1)
            set(CURLOPT_LOW_SPEED_TIME, (stall.curlMilliseconds + 999) / 1000)
        }
        if request.method != "HEAD" { set(CURLOPT_MAXFILESIZE_LARGE, max(1, request.responseLimit)) }
        if isDownload { set(CURLOPT_BUFFERSIZE, 64 * 1024) }
    }

    private func setContentCoding(_ transfer: Transfer) {
        switch transfer.request.contentCoding {
        case .readable: set(CURLOPT_ACCEPT_ENCODING, "")
        case .identity: set(CURLOPT_ACCEPT_ENCODING, "identity")
        case .undecoded:
            set(CURLOPT_ACCEPT_ENCODING, "identity")
            set(CURLOPT_HTTP_CONTENT_DECODING, 0)
        }
        // The one option that is set during a transfer: libcurl looks at it with each piece of the body.
        transfer.leaveUndecoded = { [unowned self] in set(CURLOPT_HTTP_CONTENT_DECODING, 0) }
    }

    private func setBody(_ request: FetchRequest) {
        switch (request.body, request.method) {
        case (.none, "GET"): set(CURLOPT_HTTPGET, 1)
        case (.none, "HEAD"): set(CURLOPT_NOBODY, 1)
        case (.none, "POST"), (.none, "PUT"), (.none, "PATCH"): setPost(request.method) { copyPostFields([]) }
        case (.none, _):
            set(CURLOPT_HTTPGET, 1)
            set(CURLOPT_CUSTOMREQUEST, request.method)
        case (.repeatable(let bytes), _): setPost(request.method) { copyPostFields(bytes) }
        case (.once(let bytes), _): setPost(request.method) { setOnce(bytes) }
        }
    }

    private func setPost(_ method: String, _ setBytes: () -> Void) {
        set(CURLOPT_POST, 1)
        setBytes()
        if method != "POST" { set(CURLOPT_CUSTOMREQUEST, method) }
    }

    /// A read callback and no seek function: libcurl cannot repeat what it cannot rewind.
    private func setOnce(_ bytes: [UInt8]) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, Int64(bytes.count))
        // HTTP/2 repeats refused streams by rules of its own.
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // A connection that was idle for long may be dying, and its death would leave the outcome unknown.
        set(CURLOPT_MAXAGE_CONN, 30)
    }

    private func setCallbacks(_ transfer: Transfer) {
        // The multi handle's owner keeps the transfer as long as libcurl has it.
        let owner = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        for option in [
            CURLOPT_PRIVATE, CURLOPT_READDATA, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_PREREQDATA,
        ] {
            note(unsafe reel_easy_set_pointer(handle, option, owner))
        }
        note(unsafe reel_easy_on_prerequest(handle, transferMayBegin))
        if transfer.request.addressGuard != nil {
            note(unsafe reel_easy_set_pointer(handle, CURLOPT_OPENSOCKETDATA, owner))
            note(unsafe reel_easy_on_open_socket(handle, transferOpensSocket))
        }
        note(unsafe reel_easy_on_read(handle, transferReadsBody))
        note(unsafe reel_easy_on_receive(handle, CURLOPT_HEADERFUNCTION, transferReceivesHead))
        note(unsafe reel_easy_on_receive(handle, CURLOPT_WRITEFUNCTION, transferReceivesBody))
    }
}

extension Transfer {
    /// The transfer that a callback is about.
    static func owner(of pointer: UnsafeMutableRawPointer?) -> Transfer {
        guard let pointer = unsafe pointer else {
            preconditionFailure("libcurl lost the owner of a transfer")
        }
        return unsafe Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
    }
}

private let transferMayBegin: curl_prereq_callback = { owner, address, _, _, _ in
    let address = unsafe address.flatMap { unsafe IPAddress(String(cString: $0)) }
    let mayBegin = unsafe Transfer.owner(of: owner).mayBegin(at: address)
    return mayBegin ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

/// Makes the socket of a guarded transfer, once its host's name has been resolved.
private let transferOpensSocket: curl_opensocket_callback = { owner, _, address in
    guard let address = unsafe address,
        unsafe Transfer.owner(of: owner).mayConnect(to: IPAddress(address))
    else { return CURL_SOCKET_BAD }
    let (family, type) = unsafe (address.pointee.family, address.pointee.socktype)
    return unsafe socket(family, type | CInt(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
}

private let transferReadsBody: curl_read_callback = { buffer, size, count, owner in
    guard let buffer = unsafe buffer,
        let piece = unsafe Transfer.owner(of: owner).readBody(atMost: size * count)
    else { return Int(CURL_READFUNC_ABORT) }
    let room = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: size * count)
    unsafe room.copyBytes(from: piece)
    return piece.count
}

private let transferReceivesHead: curl_write_callback = { bytes, size, count, owner in
    let line = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: size * count))
    return unsafe Transfer.owner(of: owner).receiveHead(line) ? line.count : 0
}

private let transferReceivesBody: curl_write_callback = { bytes, size, count, owner in
    let piece = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: size * count))
    switch unsafe Transfer.owner(of: owner).receiveBody(piece) {
    case .taken: return piece.count
    case .paused: return Int(CURL_WRITEFUNC_PAUSE)
    case .refused: return Int(CURL_WRITEFUNC_ERROR)
    }
}

extension Duration {
    /// As libcurl counts: at least 1, since 0 would mean no limit, and within its range.
    fileprivate var curlMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
        return max(1, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
