import Foundation
import Glibc
import ProcessTestSupport
import Testing
import Transport

/// A store and an archive that one gateway after the other uses.
final class GatewayInstallation: Sendable {
    static let maxInFlight = 8
    static let key = "rgtest-5b0d7716c2aa4e91-secret"

    let folder: ScratchFolder
    let loop: EventLoop

    /// - Parameter configure: Changes the configuration.
    init(
        provider: String, loop: EventLoop, _ configure: (inout GatewayYAML) -> Void = { _ in }
    ) throws {
        folder = try ScratchFolder()
        self.loop = loop
        var configuration = GatewayYAML(provider: provider)
        configuration.maxInFlight = Self.maxInFlight
        configuration.poll = GatewayYAML.Poll(first: "20ms", interval: "20ms", slowest: "100ms")
        configuration.logLevel = "info"
        configure(&configuration)
        _ = try folder.write(configuration.text, to: "reelgate.yaml")
    }

    var store: String { "\(folder.path)/data/reelgate.db" }
    var archive: String { "\(folder.path)/data/archive" }

    /// Starts a gateway; it exits at the named crash point if there is one.
    func start(crashAt point: String? = nil) throws -> RunningProgram {
        var environment = Tools.baseEnvironment
        environment["REELGATE_PROVIDER_API_KEY"] = Self.key
        environment["REELGATE_CRASH_AT"] = point
        return try RunningProgram(
            Tools.reelgate, ["serve", "--config", "reelgate.yaml"], environment: environment,
            folder: folder.path)
    }

    /// Waits for the exit of a gateway and kills it at the deadline; returns its exit status.
    func exitStatus(of program: RunningProgram, within bound: Duration) async -> CInt {
        let watch = Task { [loop] in
            await loop.sleep(for: bound)
            if !Task.isCancelled { program.signal(SIGKILL) }
        }
        defer { watch.cancel() }
        return await program.end()
    }

    /// Returns the SHA-256 of every archived video by task, and the names of unexpected files.
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
