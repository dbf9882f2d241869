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

extension HTTPResponse {
    static func text(_ text: String) -> HTTPResponse {
        HTTPResponse(status: 200, body: .bytes(Array(text.utf8)))
    }
}

@Suite struct TLSServerTests {
    @Test func `an https target requires TLS`() async throws {
        let served = try await TLSTestServer()
        let whole = "https://localhost:\(served.port)/now"
        #expect(try await served.curl("/now", "--request-target", whole).text == "now true -\n")
    }

    @Test func `curl gets small, large and file responses, and sends POST`() async throws {
        let file = try await TestAuthority.shared.value.write(
            String(repeating: "abc", count: 400_000), to: "file")
        let served = try await TLSTestServer(nil, EchoHandler(file: file))
        #expect(try await served.curl("/now").text == "now true -\n")
        for version in ["1.2", "1.3"] {
            let only = ["--tlsv\(version)", "--tls-max", version]
            #expect(try await served.curl("/large", only[0], only[1], only[2]).output.count == 4 << 20)
            #expect(try await served.curl("/file", only[0], only[1], only[2]).output.count == 1_000_000)
        }
        #expect(try await served.curl("/", "--data-binary", "@\(file)").text.contains("is larger than"))
        let body = try await served.curl("/", "-d", String(repeating: "x", count: 60_000))
        #expect(body.text == "POST 60000\n")
        // Not trusted without the authority.
        let untrusting = try await Tools.run("curl", ["-sS", "https://127.0.0.1:\(served.port)/now"])
        #expect(untrusting.status == 60)
    }

    @Test func `curl sends two requests on one connection, and authenticates by certificate`() async throws {
        var settings = try await TestAuthority.settings("chain")
        let authority = try await TestAuthority.shared.value
        settings.clientAuthorities = authority.path("ca.pem")
        let served = try await TLSTestServer(settings)
        let own = ["--cert", authority.path("client.pem"), "--key", authority.path("client.key")]
        let twice = try await served.curl(
            "/now", own[0], own[1], own[2], own[3], "-w", "%{num_connects}\n",
            "https://localhost:\(served.port)/now")
        #expect(twice.lines == ["now true renderer", "1", "now true renderer", "0"])
        #expect(try await served.curl("/now").status != 0)
    }

    @Test func `plain HTTP to the TLS port gets a readable 400 and a close`() async throws {
        let served = try await TLSTestServer()
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
        // Neither TLS nor HTTP is closed without a response.
        let said = try await served.python("s = plain(); s.sendall(b'\\x80\\x2e\\x01'); print(drain(s))")
        #expect(said == "b''\n" || said == "b'RESET'\n")
    }

    @Test func `TLS to a plain port gets 400 and a close`() async throws {
        let server = try await HTTPServer.start(
            at: [.ipv4(host: "127.0.0.1", port: 0)], on: [loop], limits: HTTPLimits(), handler: EchoHandler())
        let port = try #require(server.addresses[0].port)
        let ran = try await Tools.run("curl", ["-sS", "-m", "20", "https://127.0.0.1:\(port)/"])
        #expect(ran.status == 35)
    }

    @Test func `a handshake that exceeds its time is closed, even if it progresses`() async throws {
        let served = try await TLSTestServer(nil, EchoHandler()) { $0.headerTimeout = .milliseconds(300) }
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

    @Test func `a client that reads byte by byte is disconnected`() async throws {
        let served = try await TLSTestServer(nil, EchoHandler()) {
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

    @Test func `a truncated body is not a request, with or without close_notify`() async throws {
        let (events, sink) = AsyncStream<String>.makeStream()
        let served = try await TLSTestServer(nil, EchoHandler(events: sink))
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

    @Test func `close_notify follows a response that closes`() async throws {
        let served = try await TLSTestServer()
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
