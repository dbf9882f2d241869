import ProcessTestSupport
import Testing

/// A certificate authority and its certificates, made with the openssl command.
final class CertificateAuthority: Sendable {
    private let folder: ScratchFolder

    init() async throws {
        folder = try ScratchFolder()
        for name in ["authority", "stranger"] {
            let out = ["-x509", "-out", path(name), "-subj", "/CN=\(name)", "-days", "2"]
            try await openssl(["req"] + newKey(name) + out)
        }
        for certificate in ProviderCertificate.allCases { try await issue(certificate) }
    }

    /// The certificate of the authority, for clients that trust it.
    var trust: String { path("authority") }

    /// Starts a provider with TLS that accepts every job.
    func provider(showing certificate: ProviderCertificate) async throws -> TLSProvider {
        let script = try folder.write(TLSProvider.source, to: "provider.py")
        let program = try RunningProgram(
            "/usr/bin/env", ["python3", script, path(certificate.rawValue), key(certificate.rawValue)],
            environment: Tools.baseEnvironment, folder: folder.path)
        let line = try await program.line(of: \.output, containing: "listening on ")
        return TLSProvider(
            program: program, url: "https://127.0.0.1:\(line.split(separator: " ").last ?? "")")
    }

    private func path(_ name: String) -> String { "\(folder.path)/\(name).pem" }
    private func key(_ name: String) -> String { "\(folder.path)/\(name).key" }

    private func issue(_ certificate: ProviderCertificate) async throws {
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
