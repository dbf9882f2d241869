import HTTPServing
import ProcessTestSupport
import TLS
import Testing

/// HTTP/2 negotiated by ALPN.
@Suite struct HTTP2Tests {
    private func served(_ handler: EchoHandler = EchoHandler()) async throws -> TLSTestServer {
        var settings = try await TestAuthority.settings()
        settings.protocols = HTTPServer.protocols
        return try await TLSTestServer(settings, handler)
    }

    @Test func `curl negotiates HTTP/2, and sends GET and POST`() async throws {
        let file = try await TestAuthority.shared.value.write(
            String(repeating: "abc", count: 400_000), to: "file-for-two")
        let served = try await served(EchoHandler(file: file))
        let now = try await served.curl("/now", "--http2", "-w", "%{http_version}")
        #expect(now.text == "now true -\n2")
        #expect(try await served.curl("/large", "--http2").output.count == 4 << 20)
        #expect(try await served.curl("/file", "--http2").output.count == 1_000_000)
        let body = try await served.curl("/", "--http2", "-d", String(repeating: "x", count: 60_000))
        #expect(body.text == "POST 60000\n")
        #expect(
            try await served.curl("/", "--http2", "--data-binary", "@\(file)").text.contains("is larger than")
        )
    }

    @Test func `a client that offers HTTP/1_1 gets it`() async throws {
        let served = try await served()
        #expect(try await served.curl("/now", "--http1.1", "-w", "%{http_version}").text == "now true -\n1.1")
    }

    @Test func `h2load sends many concurrent requests`() async throws {
        let served = try await served()
        let report = try await Tools.run(
            "h2load",
            ["-n", "2000", "-c", "4", "-m", "32", "-t", "1", "https://127.0.0.1:\(served.port)/now"])
        #expect(report.text.contains("2000 succeeded, 0 failed"))
    }

    @Test func `an invalid preface ends the connection`() async throws {
        let served = try await served()
        let text = try await served.python(
            """
            context.set_alpn_protocols(['h2'])
            s = connect()
            s.sendall(b'GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n')
            print(s.selected_alpn_protocol(), drain(s)[-17:].hex())
            """)
        // GOAWAY, stream 0, PROTOCOL_ERROR.
        #expect(text == "h2 0000080700000000000000000000000001\n")
    }
}
