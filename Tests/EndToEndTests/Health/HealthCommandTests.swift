import Foundation
import ProcessTestSupport
import TestSupport
import Testing

/// `reelgate health` against running gateways.
@Suite(.timeLimit(.minutes(3))) struct HealthCommandTests {
    private func health(
        _ gateway: String, _ environment: [String: String] = [:]
    ) async throws
        -> FinishedProgram
    {
        try await Tools.run("reelgate", ["health", "--gateway", gateway], environment: environment)
    }

    @Test func `a ready gateway is 0, over TCP and its operator socket, with tokens required`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.access = "{clients: tokens}" }
        let ready = try await health(gateway.url)
        #expect(ready.status == 0 && ready.lines == ["ready"] && ready.errors.isEmpty, "\(ready.errors)")
        let found = try await Tools.run("reelgate", ["health"], environment: ["REELGATE_URL": gateway.url])
        #expect(found.status == 0, "\(found.errors)")
        let local = try await Tools.run(
            "reelgate", ["health", "--gateway", "unix:data/operator.sock"], folder: fixture.folder.path)
        #expect(local.status == 0 && local.lines == ["ready"], "\(local.errors)")
    }

    @Test func `a gateway without its archive is 1, with the reason on one line`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let data = fixture.folder.path + "/data"
        try FileManager.default.moveItem(atPath: data + "/archive", toPath: data + "/elsewhere")
        let checked = try await health(gateway.url)
        #expect(checked.status == 1 && checked.text.isEmpty, "\(checked.text)")
        #expect(checked.errors.hasPrefix("reelgate: not ready: "), "\(checked.errors)")
        #expect(checked.errors.contains("(archive_unavailable)"), "\(checked.errors)")
        #expect(checked.errors.split(separator: "\n").count == 1)
    }

    @Test func `nothing that listens, and a server that never responds, are 3`() async throws {
        let server = RawServer { connection, _ in connection.waitForEnd() }
        defer { server.stop() }
        let folder = try ScratchFolder()
        let addresses = [
            "http://127.0.0.1:\(RawServer.closedPort())", server.origin, "unix:\(folder.path)/none.sock",
        ]
        for address in addresses {
            let checked = try await health(address)
            #expect(checked.status == 3 && checked.text.isEmpty, "\(checked.text)")
            #expect(checked.errors.hasPrefix("reelgate: not reachable: \(address): "), "\(checked.errors)")
            #expect(checked.errors.split(separator: "\n").count == 1)
        }
    }

    @Test func `over HTTPS the authority must be trusted`() async throws {
        let fixture = try await EndToEndFixture()
        try await SelfSignedCertificate.write(to: fixture.folder.path)
        let gateway = try await fixture.gateway {
            $0.listen = [.init(tls: SelfSignedCertificate.setting)]
        }
        let certificate = fixture.folder.path + "/a.pem"
        #expect(try await health(gateway.url, ["SSL_CERT_FILE": certificate]).status == 0)
        let refused = try await health(gateway.url)
        #expect(refused.status == 3 && refused.errors.contains("certificate"), "\(refused.errors)")
    }

    @Test func `a malformed address is a usage error`() async throws {
        let checked = try await health("gateway:8031")
        #expect(checked.status == 2 && checked.errors.contains("--gateway"), "\(checked.errors)")
    }
}
