import JSONText
import ProcessTestSupport
import Testing

/// A simulated provider that keeps running while gateways are killed and started.
final class SimulatorProcess: Sendable {
    let address: String
    let client: CrashTestClient
    private let program: RunningProgram
    private let folder: ScratchFolder

    /// Starts the simulator.
    ///
    /// - Parameter taskSeconds: the duration of a generation.
    init(taskSeconds: Double, client: CrashTestClient) async throws {
        folder = try ScratchFolder()
        program = try RunningProgram(
            Tools.reelgate, ["simulate", "--listen", "127.0.0.1:0", "--task-seconds", "\(taskSeconds)"],
            environment: Tools.baseEnvironment, folder: folder.path)
        address = try await program.listeningAddress()
        self.client = client
    }

    /// Sets the fault rules of the provider.
    func script(_ rules: String) async throws { try await control("POST", "/script", rules) }

    /// Clears the state of the provider.
    func reset() async throws { try await control("DELETE", "") }

    /// Returns the received and the billed jobs.
    func ledger() async throws -> ProviderLedger {
        ProviderLedger(try await control("GET", "/ledger"))
    }

    @discardableResult
    private func control(_ method: String, _ path: String, _ body: String? = nil) async throws -> JSONValue {
        let response = try await client.sendExpectingResponse(method, "\(address)/_simulator\(path)", body)
        try #require(response.status == 200, "\(response.text)")
        return try #require(response.json)
    }
}
