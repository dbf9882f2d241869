import FoundationEssentials
import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// A provider as a row meets it: where it is, and what its own ledger says of the row's job.
struct ProviderOfRow: Sendable {
    var url: String
    var counts: @Sendable () async throws -> Outcome.Counts
    /// Lets go of what it holds.
    var end: @Sendable () -> Void = {}
}

/// A gateway with the time limits of a row, in a folder of its own.
struct GatewayOfRow: Sendable {
    let folder: ScratchFolder
    let patience: Patience
    let gateway: GatewayUnderTest

    /// Starts one, on the store of an earlier one if its folder is given.
    static func start(
        _ provider: String, _ patience: Patience, in folder: ScratchFolder? = nil, trust: String? = nil
    ) async throws -> GatewayOfRow {
        let folder = try folder ?? ScratchFolder()
        let config = try folder.write(
            """
            listen: [{address: "127.0.0.1:0"}]
            public_url: null
            loops: 1
            provider:
              base_url: \(provider)
              max_in_flight: 1000
              connect_timeout: \(patience.connect)
              submit_timeout: \(patience.submit)
              poll: {first: 1h, interval: 1h, slowest: 1h, deadline: 24h}
            submit_wait: \(patience.wait)
            store: {sqlite: data/reelgate.db}
            archive: {directory: data/archive}
            """, to: "reelgate.yaml")
        var environment = Tools.surroundings
        environment["REELGATE_PROVIDER_API_KEY"] = EndToEndFixture.key
        environment["SSL_CERT_FILE"] = trust
        let program = try RunningProgram(
            Tools.reelgate, ["serve", "--config", config], environment: environment, folder: folder.path)
        let gateway = GatewayUnderTest(program: program, url: try await program.listeningAddress())
        return GatewayOfRow(folder: folder, patience: patience, gateway: gateway)
    }

    func stop() async {
        gateway.program.signal(SIGTERM)
        _ = await gateway.program.end()
    }

    /// The most memory that it ever had, in MiB.
    func peakMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(gateway.program.pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? .max) / 1024
    }

    /// The class that the log names for a task that waits.
    func waitingClass(of id: String) -> String {
        let said = gateway.program.output.text + gateway.program.errors.text
        let line = said.split(separator: "\n").last { $0.contains("\(id) waits") }
        guard let line else { return "waits without a word" }
        return line.contains("Not sent:") ? "not sent" : "not accepted"
    }
}

extension EndToEndFixture {
    /// What its whole ledger says of the job with this prompt. Other lanes add entries meanwhile, so no
    /// number of newest entries is sure to hold all of the job's own.
    func counts(_ prompt: String) async throws -> Outcome.Counts {
        Self.counts(prompt, in: try await ledger())
    }

    static func counts(_ prompt: String, in ledger: JSONValue) -> Outcome.Counts {
        let own = (ledger["entries"]?.array ?? []).filter { $0["body"]?["prompt"]?.string == prompt }
        let accepted = own.count { $0["verdict"]?.string == "accepted" }
        return Outcome.Counts(creates: own.count, accepted: accepted)
    }

    /// What its ledger says of all jobs.
    func allCounts() async throws -> Outcome.Counts {
        let ledger = try await ledger()
        return Outcome.Counts(
            creates: Int(ledger["creates"]?.integer ?? -1),
            accepted: Int(ledger["accepted"]?.integer ?? -1))
    }
}
