internal import CCurl
internal import Glibc

// libcurl's options for a transfer.
extension CurlEasy {
    /// Sets all options for a transfer; `refusedOption` is set if libcurl rejected one.
    func prepare(_ transfer: Transfer, _ settings: CurlSettings) {
        setRules()
        if let file = settings.certificateFile { set(CURLOPT_CAINFO, file) }
        setTarget(transfer.request, userAgent: settings.userAgent)
        setLimits(transfer.request, isDownload: transfer.download != nil)
        setContentCoding(transfer)
        setBody(transfer.request)
        setCallbacks(transfer)
    }

    /// Sets the options common to all requests.
    private func setRules() {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        // A redirect would send the key to another host (contract, section 7).
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_HTTP09_ALLOWED, 0)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        // Fields are for the server: a proxy's CONNECT gets none, and its response is not the server's.
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
        // A proxy cannot reach this machine. For other hosts libcurl reads the environment.
        if !request.mayUseProxy { set(CURLOPT_PROXY, "") }
        // `Expect` would delay a second on servers that do not support it; the content type is set explicitly
        // or omitted.
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
        // The only option changed during a transfer: libcurl checks it for each piece of the body.
        transfer.disableDecoding = { [unowned self] in set(CURLOPT_HTTP_CONTENT_DECODING, 0) }
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

    /// Sets a read callback but no seek function: libcurl cannot repeat what it cannot rewind.
    private func setOnce(_ bytes: [UInt8]) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, Int64(bytes.count))
        // HTTP/2 would repeat refused streams by its own rules.
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // A long-idle connection may be about to close, which would leave the outcome unknown.
        set(CURLOPT_MAXAGE_CONN, 30)
    }

    private func setCallbacks(_ transfer: Transfer) {
        // The multi handle's owner retains the transfer as long as libcurl uses it.
        let owner = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        for option in [
            CURLOPT_PRIVATE, CURLOPT_READDATA, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_PREREQDATA,
        ] {
            check(unsafe reel_easy_set_pointer(handle, option, owner))
        }
        check(unsafe reel_easy_on_prerequest(handle, transferMayBegin))
        if transfer.request.addressGuard != nil {
            check(unsafe reel_easy_set_pointer(handle, CURLOPT_OPENSOCKETDATA, owner))
            check(unsafe reel_easy_on_open_socket(handle, transferOpensSocket))
        }
        check(unsafe reel_easy_on_read(handle, transferReadsBody))
        check(unsafe reel_easy_on_receive(handle, CURLOPT_HEADERFUNCTION, transferReceivesHead))
        check(unsafe reel_easy_on_receive(handle, CURLOPT_WRITEFUNCTION, transferReceivesBody))
    }
}

extension Transfer {
    /// Returns the transfer of a callback.
    static func owner(of pointer: UnsafeMutableRawPointer?) -> Transfer {
        guard let pointer = unsafe pointer else {
            preconditionFailure("libcurl lost the owner of a transfer")
        }
        return unsafe Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
    }
}

private let transferMayBegin: curl_prereq_callback = { owner, address, _, _, _ in
    let address = unsafe address.flatMap { unsafe IPAddress(String(cString: $0)) }
    let mayBeginRequest = unsafe Transfer.owner(of: owner).mayBeginRequest(at: address)
    return mayBeginRequest ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

/// Creates the socket of a guarded transfer after name resolution.
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
    let transfer = unsafe Transfer.owner(of: owner)
    let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    switch unsafe transfer.receiveBody(piece.bytes) {
    case .accepted: return size * count
    case .paused: return Int(CURL_WRITEFUNC_PAUSE)
    case .rejected: return Int(CURL_WRITEFUNC_ERROR)
    }
}

extension Duration {
    /// Milliseconds for libcurl: at least 1, since 0 means no limit, and within its range.
    fileprivate var curlMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
        return max(1, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}

extension [UInt8] {
    /// Appends bytes that libcurl owns.
    mutating func append(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}
