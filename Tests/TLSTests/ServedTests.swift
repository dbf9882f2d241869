import HTTPServing
import HTTPWire
import ProcessTestSupport
import TLS
import Testing
import Transport

/// One loop for all tests: a loop lives as long as its process.
let loop: EventLoop = {
    do { return try EventLoop(label: "tests") } catch { preconditionFailure("\(error)") }
}()

/// Answers with what it knows of the request.
struct EchoHandler: HTTPHandler {
    /// Told of each request; what it answers then waits for the gate.
    var events: AsyncStream<String>.Continuation?
    var gate: AsyncStream<Void>?
    var file = ""

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        if !head.hasBody, let response = immediateResponse(to: head, context) { return .respond(response) }
        return .collect(limit: 64 * 1024) { await respond(to: $0) }
    }

    private func immediateResponse(to head: RequestHead, _ context: RequestContext) -> HTTPResponse? {
        switch head.path {
        case "/now": .text("now \(context.secure) \(context.certifiedName ?? "-")\n")
        case "/large": HTTPResponse(status: 200, body: .bytes([UInt8](repeating: 120, count: 4 << 20)))
        case "/file": HTTPResponse(status: 200, body: .file(path: file, offset: 3, length: 1_000_000))
        default: nil
        }
    }

    private func respond(to request: HTTPRequest) async -> HTTPResponse {
        events?.yield(request.head.path)
        if request.head.path == "/gate", let gate { for await _ in gate { break } }
        return .text("\(request.head.method) \(request.body.count)\n")
    }
}

extension HTTPResponse {
    static func text(_ text: String) -> HTTPResponse {
        HTTPResponse(status: 200, body: .bytes(Array(text.utf8)))
    }
}

/// A server on a free port with TLS, and what programs need to reach it.
struct Served {
    let server: HTTPServer
    let identity: TLSIdentity
    let port: UInt16

    init(
        _ settings: TLSSettings? = nil, _ handler: EchoHandler = EchoHandler(),
        _ adjust: (inout HTTPLimits) -> Void = { _ in }
    ) async throws {
        let usual = try await Authority.settings()
        identity = try TLSIdentity(settings ?? usual)
        var limits = HTTPLimits()
        adjust(&limits)
        let place = ListenEndpoint(.ipv4(host: "127.0.0.1", port: 0), identity: identity)
        server = try await HTTPServer.start(in: [place], on: [loop], limits: limits, handler: handler)
        port = try #require(server.addresses[0].port)
    }

    /// What curl says, with the authority's certificate.
    func curl(_ path: String, _ options: String...) async throws -> FinishedProgram {
        try await Tools.run(
            "curl",
            ["-sS", "-m", "30", "--noproxy", "*", "--cacert", Authority.shared.value.path("ca.pem")]
                + options + ["https://localhost:\(port)\(path)", "--resolve", "localhost:\(port):127.0.0.1"])
    }

    /// What `openssl s_client` says about a handshake.
    func connect(_ options: String) async throws -> FinishedProgram {
        let script =
            "timeout 30 openssl s_client -connect 127.0.0.1:\(port) -CAfile ca.pem \(options) < /dev/null"
        return try await Tools.run("bash", ["-c", script], folder: Authority.shared.value.path(""))
    }

    /// What a Python program prints that finds `port`, `context` (trusting the authority) and `connect()`.
    func python(_ program: String) async throws -> String {
        let prelude = """
            import socket, ssl, sys, time, threading
            port = \(port)
            context = ssl.create_default_context(cafile='ca.pem')
            def plain(): return socket.create_connection(('127.0.0.1', port), timeout=30)
            def connect(): return context.wrap_socket(plain(), server_hostname='localhost')
            def drain(s):
                data = b''
                try:
                    while True:
                        piece = s.recv(65536)
                        if not piece: return data
                        data += piece
                except ConnectionResetError: return data + b'RESET'

            """
        let ran = try await Tools.run(
            "python3", ["-c", prelude + program], folder: Authority.shared.value.path(""))
        #expect(ran.status == 0, "\(ran.errors)")
        return ran.text
    }
}

@Suite struct ServedTests {
    @Test func `an https target is answered here, and nowhere without TLS`() async throws {
        let served = try await Served()
        let whole = "https://localhost:\(served.port)/now"
        #expect(try await served.curl("/now", "--request-target", whole).text == "now true -\n")
    }

    @Test func `curl gets small, large and file answers, and posts`() async throws {
        let file = try await Authority.shared.value.write(
            String(repeating: "abc", count: 400_000), to: "file")
        let served = try await Served(nil, EchoHandler(file: file))
        #expect(try await served.curl("/now").text == "now true -\n")
        for version in ["1.2", "1.3"] {
            let only = ["--tlsv\(version)", "--tls-max", version]
            #expect(try await served.curl("/large", only[0], only[1], only[2]).output.count == 4 << 20)
            #expect(try await served.curl("/file", only[0], only[1], only[2]).output.count == 1_000_000)
        }
        #expect(try await served.curl("/", "--data-binary", "@\(file)").text.contains("is larger than"))
        let body = try await served.curl("/", "-d", String(repeating: "x", count: 60_000))
        #expect(body.text == "POST 60000\n")
        // Without our authority it is not trusted.
        let untrusting = try await Tools.run("curl", ["-sS", "https://127.0.0.1:\(served.port)/now"])
        #expect(untrusting.status == 60)
    }

    @Test func `curl asks twice on one connection, and gets in with its certificate`() async throws {
        var settings = try await Authority.settings("chain")
        let authority = try await Authority.shared.value
        settings.clientAuthorities = authority.path("ca.pem")
        let served = try await Served(settings)
        let own = ["--cert", authority.path("client.pem"), "--key", authority.path("client.key")]
        let twice = try await served.curl(
            "/now", own[0], own[1], own[2], own[3], "-w", "%{num_connects}\n",
            "https://localhost:\(served.port)/now")
        #expect(twice.lines == ["now true renderer", "1", "now true renderer", "0"])
        #expect(try await served.curl("/now").status != 0)
    }

    @Test func `plain HTTP to the TLS port gets a readable 400 and a close`() async throws {
        let served = try await Served()
        for request in ["GET / HTTP/1.1\\r\\n", "\\r\\n", "POST / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\nbody"] {
            let said = try await served.python(
                """
                s = plain()
                s.sendall(b'\(request)')
                sys.stdout.buffer.write(drain(s))
                """)
            #expect(said.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(said.contains("\r\nConnection: close\r\n"))
            #expect(said.hasSuffix("\r\n\r\nthis port is for HTTPS: use an https:// address\n"))
        }
        // What is neither is closed without a word.
        let said = try await served.python("s = plain(); s.sendall(b'\\x80\\x2e\\x01'); print(drain(s))")
        #expect(said == "b''\n" || said == "b'RESET'\n")
    }

    @Test func `TLS to a port in the clear gets 400 and a close`() async throws {
        let server = try await HTTPServer.start(
            at: [.ipv4(host: "127.0.0.1", port: 0)], on: [loop], limits: HTTPLimits(), handler: EchoHandler())
        let port = try #require(server.addresses[0].port)
        let ran = try await Tools.run("curl", ["-sS", "-m", "20", "https://127.0.0.1:\(port)/"])
        #expect(ran.status == 35)
    }

    @Test func `a handshake that is not done in time is closed, however it trickles`() async throws {
        let served = try await Served(nil, EchoHandler()) { $0.headerTimeout = .milliseconds(300) }
        let said = try await served.python(
            """
            hello = ssl.MemoryBIO(); out = ssl.MemoryBIO()
            tls = context.wrap_bio(hello, out, server_hostname='localhost')
            try: tls.do_handshake()
            except ssl.SSLWantReadError: pass
            first = out.read()
            silent = plain()
            slow = plain(); slow.settimeout(0.02)
            start = time.time()
            for byte in first:
                try:
                    slow.sendall(bytes([byte]))
                    if slow.recv(1) == b'': break
                except (TimeoutError, socket.timeout): pass
                except OSError: break
            print(time.time() - start < 5, silent.recv(1))
            """)
        #expect(said == "True b''\n")
    }

    @Test func `who takes an answer byte by byte loses the connection in the end`() async throws {
        let served = try await Served(nil, EchoHandler()) {
            $0.bodyTimeout = .milliseconds(300)
            $0.sendingRateMin = 4 << 20
        }
        let said = try await served.python(
            """
            slow = socket.socket(); slow.settimeout(30)
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect(('127.0.0.1', port))
            slow = context.wrap_socket(slow, server_hostname='localhost')
            slow.sendall(b'GET /large HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n')
            count, start = 0, time.time()
            try:
                while piece := slow.recv(1000):
                    count += len(piece)
                    if time.time() - start > 20: break
                    time.sleep(0.01)
            except OSError: pass
            print(0 < count < 4 << 20, time.time() - start < 20)
            """)
        #expect(said == "True True\n")
    }

    @Test func `a body that is cut is no request, with or without a goodbye`() async throws {
        let (events, sink) = AsyncStream<String>.makeStream()
        let served = try await Served(nil, EchoHandler(events: sink))
        let said = try await served.python(
            """
            def bye(s):
                try: s.unwrap()
                except (ssl.SSLError, OSError): pass  # It finds tickets that nobody read.
            for goodbye in (True, False):
                s = connect()
                s.sendall(b'POST /cut HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 10\\r\\n\\r\\n12345')
                if goodbye: bye(s)
                else:
                    socket.socket.shutdown(s, socket.SHUT_WR)
                    print(s.recv(100))
            s = connect()
            s.sendall(b'POST /whole HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 5\\r\\n\\r\\n12345')
            socket.socket.shutdown(s, socket.SHUT_WR)
            print(s.recv(12))
            """)
        #expect(said == "b''\nb'HTTP/1.1 200'\n")
        var seen = events.makeAsyncIterator()
        #expect(await seen.next() == "/whole")
    }

    @Test func `the end of an answer that closes is said`() async throws {
        let served = try await Served()
        let said = try await served.python(
            """
            context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
            raw = plain()
            s = context.wrap_socket(raw, server_hostname='localhost', suppress_ragged_eofs=False)
            s.sendall(b'GET /now HTTP/1.1\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n')
            print(drain(s)[-11:])
            """)
        #expect(said == "b'now true -\\n'\n")
    }
}
