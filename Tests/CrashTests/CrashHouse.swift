import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import Testing
import Transport

/// A simulated provider that outlives many gateways.
final class SimulatorProcess: Sendable {
    let address: String
    let caller: Caller
    private let program: RunningProgram
    private let folder: ScratchFolder

    /// - Parameter taskSeconds: how long a generation takes.
    init(taskSeconds: Double, caller: Caller) async throws {
        folder = try ScratchFolder()
        program = try RunningProgram(
            Tools.reelgate, ["simulate", "--listen", "127.0.0.1:0", "--task-seconds", "\(taskSeconds)"],
            environment: Tools.surroundings, folder: folder.path)
        address = try await program.listeningAddress()
        self.caller = caller
    }

    /// Gives the provider a list of rules by which it misbehaves.
    func script(_ rules: String) async throws { try await control("POST", "/script", rules) }

    /// Lets the provider forget everything.
    func reset() async throws { try await control("DELETE", "") }

    /// What it was asked and would bill.
    func ledger() async throws -> ProviderLedger {
        ProviderLedger(try await control("GET", "/ledger"))
    }

    @discardableResult
    private func control(_ method: String, _ path: String, _ body: String? = nil) async throws -> JSONValue {
        let answer = try await caller.demand(method, "\(address)/_simulator\(path)", body)
        try #require(answer.status == 200, "\(answer.text)")
        return try #require(answer.json)
    }
}

/// A store and an archive on which gateways follow each other.
final class GatewayInstallation: Sendable {
    static let maxInFlight = 8
    static let key = "rgtest-5b0d7716c2aa4e91-secret"

    let folder: ScratchFolder
    let loop: EventLoop

    init(provider: String, loop: EventLoop) throws {
        folder = try ScratchFolder()
        self.loop = loop
        _ = try folder.write(
            """
            listen: [{address: "127.0.0.1:0"}]
            public_url: null
            provider:
              base_url: \(provider)
              max_in_flight: \(Self.maxInFlight)
              poll: {first: 20ms, interval: 20ms, slowest: 100ms, deadline: 24h}
            submit_wait: 5s
            store: {sqlite: data/reelgate.db}
            archive: {directory: data/archive}
            log: {level: info}
            """, to: "reelgate.yaml")
    }

    var store: String { "\(folder.path)/data/reelgate.db" }
    var archive: String { "\(folder.path)/data/archive" }

    /// Starts a gateway, which ends itself at the named step if there is one.
    func start(crashAt point: String? = nil) throws -> RunningProgram {
        var environment = Tools.surroundings
        environment["REELGATE_PROVIDER_API_KEY"] = Self.key
        environment["REELGATE_CRASH_AT"] = point
        return try RunningProgram(
            Tools.reelgate, ["serve", "--config", "reelgate.yaml"], environment: environment,
            folder: folder.path)
    }

    /// Waits for a gateway's end and kills it when the bound is over.
    func end(of program: RunningProgram, within bound: Duration) async -> CInt {
        let watch = Task { [loop] in
            await loop.sleep(for: bound)
            if !Task.isCancelled { program.signal(SIGKILL) }
        }
        defer { watch.cancel() }
        return await program.end()
    }

    /// SHA-256 of every archived video, by its task, and the names of files that do not belong there.
    func archivedFiles() -> (hashes: [String: String], strays: [String]) {
        var hashes: [String: String] = [:]
        var strays: [String] = []
        for path in (try? FileManager.default.subpathsOfDirectory(atPath: archive)) ?? [] {
            let name = path.split(separator: "/").last.map(String.init) ?? ""
            if name.hasSuffix("-0.mp4") {
                let bytes = FileManager.default.contents(atPath: "\(archive)/\(path)").map { [UInt8]($0) }
                hashes[String(name.dropLast("-0.mp4".count))] = SHA256Digest.hex(of: bytes ?? [])
            } else if name.count != 2, name != "archive.id", !name.hasSuffix(".mark") {
                strays.append(path)
            }
        }
        return (hashes, strays)
    }
}
