import FoundationEssentials
import Glibc
import ProcessTestSupport

/// A gateway with the time limits of a row, in a temporary folder.
struct RowGateway: Sendable {
    let folder: ScratchFolder
    let limits: TimeLimits
    let underTest: GatewayUnderTest

    /// Starts a gateway, on the store of an earlier one if its folder is given.
    static func start(
        _ provider: String, _ limits: TimeLimits, in folder: ScratchFolder? = nil, trust: String? = nil
    ) async throws -> RowGateway {
        let folder = try folder ?? ScratchFolder()
        var configuration = GatewayYAML(provider: provider)
        configuration.loops = 1
        configuration.maxInFlight = 1000
        configuration.connectTimeout = limits.connect
        configuration.submitTimeout = limits.submit
        configuration.poll = .hourly
        configuration.submitWait = limits.wait
        let config = try folder.write(configuration.text, to: "reelgate.yaml")
        var environment = Tools.baseEnvironment
        environment["REELGATE_PROVIDER_API_KEY"] = EndToEndFixture.key
        environment["SSL_CERT_FILE"] = trust
        let program = try RunningProgram(
            Tools.reelgate, ["serve", "--config", config], environment: environment, folder: folder.path)
        let underTest = GatewayUnderTest(program: program, url: try await program.listeningAddress())
        return RowGateway(folder: folder, limits: limits, underTest: underTest)
    }

    /// Shuts the gateway down.
    func stop() async {
        underTest.program.signal(SIGTERM)
        _ = await underTest.program.end()
    }

    /// Returns the peak resident memory in MiB.
    func peakMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(underTest.program.pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? .max) / 1024
    }

    /// Returns the class of a waiting task's first attempt from its log line, which may follow the response.
    func waitingClass(of id: String) async -> String {
        let line = await underTest.program.errors.first {
            $0.contains("was not accepted and waits") && $0.contains(id)
        }
        guard let line else { return "no log line" }
        return line.contains("Not sent:") ? "not sent" : "not accepted"
    }
}
