import Glibc
import ProcessTestSupport
import Testing

/// SIGHUP with a changed configuration, with the executable.
@Suite(.timeLimit(.minutes(2))) struct SettingsReloadTests {
    @Test func `the log names the changed settings that need a restart`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        _ = try fixture.writeConfiguration {
            $0.maxInFlight = 7
            $0.poll = .init(first: "1s", interval: "2s", slowest: "3s")
            $0.logLevel = "error"
        }
        gateway.program.signal(SIGHUP)
        // The warning would not be logged any more, were the level not replaced first.
        let level = try await gateway.program.line(of: \.errors, containing: "the log level is replaced")
        #expect(level.contains("\"log_level\":\"error\""), "\(level)")
        _ = try fixture.writeConfiguration { $0.maxInFlight = 7 }
        gateway.program.signal(SIGHUP)
        let line = try await gateway.program.line(
            of: \.errors, containing: "changed settings need a restart")
        #expect(line.contains("\"settings\":\"provider.max_in_flight\""), "\(line)")
        #expect(!line.contains("log.level") && !line.contains("api_key"), "\(line)")
    }

    @Test func `a configuration that cannot be used changes nothing, and the log has the reason`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        for (models, reason) in [("models: [{id: m}]", "models.yaml"), (nil, "gateway.max_in_flight")] {
            let text = try fixture.writeConfiguration { $0.logLevel = "error" }
            if let models {
                _ = try fixture.folder.write(models, to: "models.yaml")
            } else {
                _ = try fixture.folder.write(
                    "gateway.max_in_flight: 3\nlog: {level: error}\n", to: "reelgate.yaml")
            }
            gateway.program.signal(SIGHUP)
            let line = try await gateway.program.line(of: \.errors, containing: reason)
            #expect(line.contains("the current settings are kept"), "\(line) \(text)")
        }
        #expect(!gateway.program.errors.text.contains("the log level is replaced"))
    }
}
