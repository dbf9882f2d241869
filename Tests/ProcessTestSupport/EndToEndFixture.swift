package import JSONText
import Testing

/// A simulated provider and the gateways of one test, in a temporary folder.
package final class EndToEndFixture: Sendable {
    /// The provider key. It is long and unusual, so that any occurrence in an output is a leak.
    package static let key = "rgtest-9f27c1d4e8b35a60-secret"

    package let folder: ScratchFolder
    package let simulator: RunningProgram
    package let provider: String

    /// Starts the simulator. Its tasks take an hour: a test advances its clock.
    ///
    /// - Parameter options: further options of the simulator.
    package init(simulating options: [String] = []) async throws {
        folder = try ScratchFolder()
        simulator = try RunningProgram(
            Tools.reelgate,
            ["simulate", "--listen", "127.0.0.1:0", "--task-seconds", "3600"] + options,
            environment: Tools.baseEnvironment, folder: folder.path)
        provider = try await simulator.listeningAddress()
    }

    /// Starts a gateway on the store of the folder and waits until it listens.
    ///
    /// - Parameter configure: changes the default configuration.
    package func gateway(_ configure: (inout GatewayYAML) -> Void = { _ in }) async throws -> GatewayUnderTest
    {
        let program = try startGateway(config: try writeConfiguration(configure))
        return GatewayUnderTest(program: program, url: try await program.listeningAddress())
    }

    /// Starts a gateway without waiting for its output.
    ///
    /// - Parameter key: the provider's key in the environment; `nil` if it has another source.
    package func startGateway(
        config: String, _ arguments: [String] = [], environment more: [String: String] = [:],
        key: String? = EndToEndFixture.key
    ) throws -> RunningProgram {
        var environment = Tools.baseEnvironment.merging(more) { _, own in own }
        environment["REELGATE_PROVIDER_API_KEY"] = key
        return try RunningProgram(
            Tools.reelgate, ["serve", "--config", config] + arguments, environment: environment,
            folder: folder.path)
    }

    /// Writes `reelgate.yaml` to the folder and returns its path.
    ///
    /// - Parameter configure: changes the default configuration.
    package func writeConfiguration(_ configure: (inout GatewayYAML) -> Void = { _ in }) throws -> String {
        var configuration = GatewayYAML(provider: provider)
        configuration.logLevel = "debug"
        configure(&configuration)
        return try folder.write(configuration.text, to: "reelgate.yaml")
    }

    /// Returns the simulator's ledger of all requests.
    package func ledger() async throws -> JSONValue {
        try await Curl.get("\(provider)/_simulator/ledger").json()
    }

    /// Advances the clock of the simulator.
    package func advance(_ interval: String) async throws {
        let response = try await Curl.post("\(provider)/_simulator/clock", #"{"advance":"\#(interval)"}"#)
        try #require(response.status == 200, "\(response.text)")
    }

    /// Makes the simulator send its delayed responses now.
    package func release() async throws {
        let response = try await Curl.post("\(provider)/_simulator/release", "")
        try #require(response.status == 200, "\(response.text)")
    }

    /// Sets the fault rules of the simulator.
    package func script(_ rules: String) async throws {
        let response = try await Curl.post("\(provider)/_simulator/script", rules)
        try #require(response.status == 200, "\(response.text)")
    }
}
