import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

@testable import Reelgate

/// The harnesses of process tests; each test is a small example of one.
@Suite(.timeLimit(.minutes(3))) struct HarnessTests {
    @Test func `a fixture has a simulator, gateways, and a clock that tests advance`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        // A generation takes an hour on the simulator's clock.
        try await fixture.advance("61m")
        let states = try await gateway.follow(id) { $0["status"]?.string == "completed" }
        #expect(states.last?["results"]?.array?.count == 1)
        #expect(try await fixture.ledger()["creates"]?.integer == 1)
    }

    @Test func `the configuration builder writes what the settings read`() throws {
        var configuration = GatewayYAML(provider: "http://127.0.0.1:9/")
        configuration.listen = [.init(), .init("127.0.0.1:8443", tls: SelfSignedCertificate.setting)]
        configuration.maxInFlight = 3
        configuration.poll = .hourly
        let text = ConfigurationText(
            name: "reelgate.yaml", path: nil, bytes: Array(configuration.text.utf8))
        let settings = try Settings.resolve(
            file: SettingsFile(text), environment: [:], flags: SettingsFlags())
        #expect(settings.listen.map { $0.tls != nil } == [false, true])
        #expect(settings.provider.maxInFlight == 3)
        #expect(settings.provider.poll.interval == .seconds(3600))
    }

    @Test func `a running program has lines of output and an exit status`() async throws {
        let program = try RunningProgram(
            "/bin/sh", ["-c", "echo ready; exit 3"], environment: Tools.baseEnvironment, folder: "/")
        #expect(try await program.line(of: \.output, containing: "read") == "ready")
        #expect(await program.end() == 3)
        await #expect(throws: ProgramEndedError.self) {
            try await program.line(of: \.output, containing: "more")
        }
    }

    @Test func `a raw server runs a script for each connection and records the requests`() async throws {
        let server = RawServer { connection, number in
            connection.readRequest()
            connection.respond(200, "response \(number)")
        }
        defer { server.stop() }
        #expect(try await Curl.post(server.origin + "/jobs", "{}").text == "response 0")
        #expect(server.requests.map(\.target) == ["/jobs"])
    }
}
