import HTTPServing
import HTTPWire
import ProcessTestSupport
import TLS
import Testing
import Transport

/// A server on a free port with TLS, and what programs need to connect to it.
struct TLSTestServer {
    let server: HTTPServer
    let identity: TLSIdentity
    let port: UInt16

    init(
        _ settings: TLSSettings? = nil, _ handler: EchoHandler = EchoHandler(),
        _ adjust: (inout HTTPLimits) -> Void = { _ in }
    ) async throws {
        let usual = try await TestAuthority.settings()
        identity = try TLSIdentity(settings ?? usual)
        var limits = HTTPLimits()
        adjust(&limits)
        let place = ListenEndpoint(.ipv4(host: "127.0.0.1", port: 0), identity: identity)
        server = try await HTTPServer.start(in: [place], on: [loop], limits: limits, handler: handler)
        port = try #require(server.addresses[0].port)
    }

    /// Returns curl's output, trusting the authority.
    func curl(_ path: String, _ options: String...) async throws -> FinishedProgram {
        try await Tools.run(
            "curl",
            ["-sS", "-m", "30", "--noproxy", "*", "--cacert", TestAuthority.shared.value.path("ca.pem")]
                + options + ["https://localhost:\(port)\(path)", "--resolve", "localhost:\(port):127.0.0.1"])
    }

    /// Returns the output of `openssl s_client` for a handshake.
    func connect(_ options: String) async throws -> FinishedProgram {
        let script =
            "timeout 30 openssl s_client -connect 127.0.0.1:\(port) -CAfile ca.pem \(options) < /dev/null"
        return try await Tools.run("bash", ["-c", script], folder: TestAuthority.shared.value.path(""))
    }

    /// Returns the output of a Python program with `port`, `context` (trusting the authority) and
    /// `connect()`.
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
            "python3", ["-c", prelude + program], folder: TestAuthority.shared.value.path(""))
        #expect(ran.status == 0, "\(ran.errors)")
        return ran.text
    }
}
