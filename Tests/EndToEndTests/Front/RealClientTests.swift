import Foundation
import JSONText
import ProcessTestSupport
import Testing

/// HTTP clients from PyPI and curl. What they need is installed by `make deps`.
@Suite(.timeLimit(.minutes(5))) struct RealClientTests {
    @Test
    func `clients see an early response to a large body, fast or slow, and bodies up to the limit pass`()
        async throws
    {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
            .joined(separator: "/")
        let python = "\(root)/.build-python/bin/python"
        try #require(
            FileManager.default.isExecutableFile(atPath: python),
            "\(python) is missing: run 'make deps', which installs HTTP clients from PyPI")
        let house = try await EndToEndFixture()
        try await makeCertificate(in: house.folder.path)
        let gateway = try house.startGateway(config: try writeConfig(house))
        let line = try await gateway.line(of: \.output, having: "listening on ")
        let urls = line.split(separator: " ").map { $0.trimmingCharacters(in: [","]) }
            .filter { $0.contains("://127.0.0.1:") }.prefix(2)
        try #require(urls.count == 2, "\(line)")
        let run = try await Tools.run(
            python,
            ["\(root)/Tests/RealClients/early-responses", urls[0], urls[1], "\(house.folder.path)/a.pem"])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(try await house.ledger()["creates"]?.integer == 0)
    }

    private func writeConfig(_ house: EndToEndFixture) throws -> String {
        let rest = try String(contentsOfFile: house.writeConfig(provider: house.provider), encoding: .utf8)
            .split(separator: "\n").dropFirst(2).joined(separator: "\n")
        return try house.folder.write(
            """
            listen:
              - address: 127.0.0.1:0
              - {address: "127.0.0.1:0", tls: {certificate: a.pem, key: a.key}}
            limits: {body_timeout: 120s}
            \(rest)
            """, to: "reelgate.yaml")
    }

    private func makeCertificate(in folder: String) async throws {
        let ran = try await Tools.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                "a.key", "-out", "a.pem", "-subj", "/CN=a", "-addext", "subjectAltName=IP:127.0.0.1",
            ], folder: folder)
        try #require(ran.status == 0, "\(ran.errors)")
    }
}
