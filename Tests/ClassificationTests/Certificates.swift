import ProcessTestSupport
import Testing

/// The certificates that a provider can show.
enum Certificate: String, CaseIterable, Sendable {
    case good, untrusted, ofAnotherHost, expired
}

/// An authority of one test run and what it signed, made with the openssl command.
final class CertificateAuthority: Sendable {
    private let folder: ScratchFolder

    init() async throws {
        folder = try ScratchFolder()
        for name in ["authority", "stranger"] {
            let out = ["-x509", "-out", path(name), "-subj", "/CN=\(name)", "-days", "2"]
            try await openssl(["req"] + newKey(name) + out)
        }
        for certificate in Certificate.allCases { try await issue(certificate) }
    }

    /// The authority's own certificate, for those who are to trust it.
    var trust: String { path("authority") }

    /// Starts a provider behind TLS that accepts every job.
    func provider(showing certificate: Certificate) async throws -> TLSProvider {
        let script = try folder.write(TLSProvider.source, to: "provider.py")
        let program = try RunningProgram(
            "/usr/bin/env", ["python3", script, path(certificate.rawValue), key(certificate.rawValue)],
            environment: Tools.surroundings, folder: folder.path)
        let line = try await program.line(of: \.output, having: "listening on ")
        return TLSProvider(
            program: program, url: "https://127.0.0.1:\(line.split(separator: " ").last ?? "")")
    }

    private func path(_ name: String) -> String { "\(folder.path)/\(name).pem" }
    private func key(_ name: String) -> String { "\(folder.path)/\(name).key" }

    private func issue(_ certificate: Certificate) async throws {
        let name = certificate.rawValue
        let hosts = certificate == .ofAnotherHost ? "DNS:elsewhere.example" : "IP:127.0.0.1,DNS:localhost"
        let signer = certificate == .untrusted ? "stranger" : "authority"
        let request = try folder.write("", to: "\(name).csr")
        let names = try folder.write("subjectAltName=\(hosts)\n", to: "\(name).ext")
        try await openssl(["req"] + newKey(name) + ["-out", request, "-subj", "/CN=provider"])
        try await openssl([
            "x509", "-req", "-in", request, "-out", path(name), "-extfile", names, "-CA", path(signer),
            "-CAkey", key(signer), "-CAcreateserial", "-days", certificate == .expired ? "-1" : "2",
        ])
    }

    private func newKey(_ name: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key(name)]
    }

    private func openssl(_ arguments: [String]) async throws {
        let finished = try await Tools.run("openssl", arguments)
        try #require(finished.status == 0, "openssl: \(finished.errors)")
    }
}

/// A provider behind the TLS of Python, which is not ours.
struct TLSProvider: Sendable {
    let program: RunningProgram
    let url: String

    /// Jobs that came whole; all were accepted.
    var creates: Int { program.output.text.split(separator: "\n").count { $0 == "create" } }

    fileprivate static let source = """
        import http.server, ssl, sys

        class Provider(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                print("create", flush=True)
                body = b'{"id":"task-tls-1","status":"pending","progress":0}'
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print("listening on", server.server_address[1], flush=True)
        server.serve_forever()

        """
}
