import Foundation
import Glibc
import ProcessTestSupport
import TestSupport
import Testing
import Transport

/// Kills gateways while a client reads the stream of all tasks, and compares what it got with the store.
///
/// REELGATE_STREAM_KILLS sets how many kills, REELGATE_CRASH_SEED repeats the plan of a run.
@Suite(.timeLimit(.minutes(60))) struct StreamKillTests {
    private static let defaultKills = 5
    /// Events of one connection before the kill, at most.
    private static let eventsMax: UInt64 = 24

    @Test func `a client that comes back after each kill gets every event once`() async throws {
        let settings = ProcessInfo.processInfo.environment
        let kills = settings["REELGATE_STREAM_KILLS"].flatMap { Int($0) } ?? Self.defaultKills
        let seed = settings["REELGATE_CRASH_SEED"].flatMap { UInt64($0) } ?? .random(in: 0..<1_000_000_000)
        print("stream kills: seed \(seed), \(kills) kills")
        var random = SeededRandom(seed: seed)
        let client = CrashTestClient(loop: try EventLoop(label: "stream kills"))
        let provider = try await SimulatorProcess(taskSeconds: 0.1, client: client)
        let installation = try GatewayInstallation(provider: provider.address, loop: client.loop)
        var reader = StreamLedger()
        for kill in 0..<kills {
            // The last connection reads on, beyond what the one before it may have missed.
            let count = kill == kills - 1 ? 3 * Self.eventsMax : random.next() % Self.eventsMax
            reader.receive(
                try await life(of: installation, number: kill, after: reader.lastEventID, Int(count), client))
        }
        let stored = try await StoreLedger.visibleEvents(in: installation.store)
        let expected = stored.filter { $0.sequence > reader.first && $0.sequence <= reader.last }
        print("stream kills: \(reader.events.count) events, \(expected.count) in the store")
        #expect(reader.issues.isEmpty)
        #expect(reader.events == expected.map { "\($0.sequence) \($0.state)" })
        #expect(reader.events.count > 10)
    }

    /// Runs a gateway under load until a client has received so many events, kills it, and returns what the
    /// client has received.
    private func life(
        of installation: GatewayInstallation, number: Int, after id: String, _ count: Int,
        _ client: CrashTestClient
    ) async throws -> [UInt8] {
        let gateway = try installation.start()
        let address = try await gateway.listeningAddress()
        let stream = try RunningProgram(
            "/usr/bin/curl",
            ["-sN", "--noproxy", "*", "-H", "Last-Event-ID: \(id)", "\(address)/v1/events"],
            environment: Tools.baseEnvironment, folder: installation.folder.path)
        // A change while a snapshot is sent shows the newest state of its task, not the stored one.
        while id.isEmpty, !Self.hasSnapshot(stream.output.bytes) {
            try Task.checkCancellation()
            await client.loop.sleep(for: .milliseconds(2))
        }
        let jobs = Task {
            for job in 0..<100 where !Task.isCancelled {
                _ = await client.submit(
                    "job \(number) \(job)", to: address, key: nil, prefer: "respond-async")
            }
        }
        while Self.events(in: stream.output.bytes) < count {
            try Task.checkCancellation()
            await client.loop.sleep(for: .milliseconds(2))
        }
        gateway.signal(SIGKILL)
        _ = await gateway.end()
        jobs.cancel()
        await jobs.value
        _ = await stream.end()
        return await stream.output.all()
    }

    /// Whether the id that ends a snapshot has come.
    private static func hasSnapshot(_ bytes: [UInt8]) -> Bool {
        bytes.split(separator: UInt8(ascii: "\n")).contains { $0.starts(with: "id: ".utf8) }
    }

    private static func events(in bytes: [UInt8]) -> Int {
        bytes.split(separator: UInt8(ascii: "\n")).count { $0.starts(with: "data: ".utf8) }
    }
}
