import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing
import Transport

/// The archive of the executable at its limits.
@Suite(.timeLimit(.minutes(3))) struct ArchiveLimitTests {
    private let hosts = ResultHosts(
        results: Dictionary(uniqueKeysWithValues: Self.prompts.map { ($0, #"["OWN/large/\#($0).mp4"]"#) }))

    /// More jobs than the archive has room for.
    private static let prompts = (1...4).map { "large\($0)" }

    private func complete(
        _ prompt: String, _ gateway: GatewayUnderTest
    ) async throws -> (id: String, sha256: String) {
        let job = GatewayUnderTest.exampleJob.replacing("A woman walking through a garden", with: prompt)
        let id = try await gateway.accepted(job, ["-H", "Prefer: respond-async"])
        let seen = try await gateway.follow(id) { $0["gateway"]?["state"]?.string == "completed" }
        return (id, try #require(seen.last?["results"]?.array?.first?["sha256"]?.string))
    }

    private func status(_ id: String, _ gateway: GatewayUnderTest) async throws -> Int {
        try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content", ["--range", "0-0"]).status
    }

    /// A download that has begun and whose reader waits at a gate.
    private struct WaitingReader {
        let program: RunningProgram
        let file: String
        let gate: String

        /// Lets the reader receive the rest.
        func openGate() async throws {
            #expect(try await Tools.run("sh", ["-c", "echo > '\(gate)'"]).status == 0)
        }
    }

    /// Starts a download whose reader takes the first bytes, and the rest when its gate is opened.
    private func waitingReader(
        _ options: [String], of id: String, _ gateway: GatewayUnderTest, _ folder: ScratchFolder
    ) async throws -> WaitingReader {
        let file = "\(folder.path)/\(UInt64.random(in: .min ... .max)).mp4"
        let gate = file + ".gate"
        let url = "\(gateway.url)/v1/tasks/\(id)/content"
        // dd takes exactly so many bytes from the pipe.
        let script = """
            mkfifo '\(gate)'
            curl -sS --noproxy '*' \(options.joined(separator: " ")) '\(url)' | {
                dd bs=1000 count=1 iflag=fullblock of='\(file)' status=none
                echo begun
                read line < '\(gate)'
                cat >> '\(file)'
            }
            """
        let reader = try RunningProgram(
            "/bin/bash", ["-o", "pipefail", "-c", script], environment: Tools.baseEnvironment,
            folder: folder.path)
        _ = try await reader.line(of: \.output, containing: "begun")
        return WaitingReader(program: reader, file: file, gate: gate)
    }

    private func expectRemoval(of id: String, _ gateway: GatewayUnderTest) async throws {
        let line = await gateway.program.errors.first {
            $0.contains("retention removed a video") && $0.contains(id)
        }
        try #require(line != nil)
    }

    private func size(of file: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }

    @Test func `a video larger than the whole archive shows what to do, and is copied once that is done`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let small = try await fixture.gateway {
            $0.provider = hosts.own.origin
            $0.archiveLimits = "max_bytes: 1MiB, reserve: 1MiB"
        }
        let job = GatewayUnderTest.exampleJob.replacing("A woman walking through a garden", with: "large1")
        let id = try await small.accepted(job, ["-H", "Prefer: respond-async"])
        let task = try await small.follow(id) { $0["gateway"]?["waiting"]?["code"] != nil }.last
        #expect(task?["gateway"]?["state"] == "archiving" && task?["status"] == "processing")
        #expect(task?["gateway"]?["waiting"]?["code"] == "archive_unavailable")
        let message = task?["gateway"]?["waiting"]?["message"]?.string ?? ""
        #expect(message.contains("larger than archive.max_bytes, 1048576 bytes; raise it"), "\(message)")
        small.program.signal(SIGTERM)
        _ = await small.program.end()
        let large = try await fixture.gateway {
            $0.provider = hosts.own.origin
            $0.archiveLimits = "max_bytes: 30MiB, reserve: 8MiB"
        }
        let done = try await large.follow(id) { $0["status"] == "completed" }.last
        #expect(done?["gateway"]?["waiting"] == JSONValue.null)
    }

    @Test func `at its byte limit the archive evicts the oldest video, and readers of it receive all of it`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway {
            $0.provider = hosts.own.origin
            $0.archiveLimits = "max_bytes: 30MiB, reserve: 8MiB"
            // The readers wait at their gates until three further videos are here.
            $0.bodyTimeout = "10m"
        }
        let oldest = try await complete("large1", gateway)
        let whole = ResultHosts.large("/large/large1.mp4")
        #expect(SHA256Digest.hex(of: whole) == oldest.sha256)
        var readers: [(waiting: WaitingReader, bytes: [UInt8])] = []
        for (options, bytes) in [
            (["--http1.1"], whole), (["--http2-prior-knowledge"], whole),
            (["--range", "1000000-"], Array(whole[1_000_000...])),
            (["--http2-prior-knowledge", "--range", "5-"], Array(whole[5...])),
        ] {
            readers.append((try await waitingReader(options, of: oldest.id, gateway, fixture.folder), bytes))
        }
        var others: [String] = []
        for prompt in Self.prompts.dropFirst() { others.append(try await complete(prompt, gateway).id) }
        try await expectRemoval(of: oldest.id, gateway)
        let gone = try await Curl.get("\(gateway.url)/v1/tasks/\(oldest.id)/content")
        #expect(gone.status == 410)
        let content = try gone.json()["content"]
        #expect(content?["sha256"]?.string == oldest.sha256)
        #expect(content?["bytes"]?.integer == Int64(whole.count))
        // Of the others the newest are here.
        var isHere: [Bool] = []
        for id in others { isHere.append(try await status(id, gateway) == 206) }
        #expect(isHere.last == true && isHere == isHere.sorted { !$0 && $1 })

        for reader in readers {
            #expect(size(of: reader.waiting.file) < reader.bytes.count)
            try await reader.waiting.openGate()
        }
        for (reader, bytes) in readers {
            #expect(await reader.program.end() == 0, "\(reader.program.errors.text)")
            #expect(try Data(contentsOf: URL(filePath: reader.file)) == Data(bytes))
        }
    }

    @Test func `after a kill between a video's files and its record the next gateway completes the removal`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let configure: (inout GatewayYAML) -> Void = { [hosts] in
            $0.provider = hosts.own.origin
            $0.archiveLimits = "keep: 1s"
        }
        let config = try fixture.writeConfiguration(configure)
        let program = try fixture.startGateway(
            config: config, environment: ["REELGATE_CRASH_AT": "contentFilesRemoved"])
        let first = GatewayUnderTest(program: program, url: try await program.listeningAddress())
        let job = GatewayUnderTest.exampleJob.replacing("A woman walking through a garden", with: "large1")
        let id = try await first.accepted(job, ["-H", "Prefer: respond-async"])
        #expect(await program.end() == 86)

        let second = try await fixture.gateway(configure)
        let seen = try await second.follow(id) { task in
            task["gateway"]?["state"]?.string == "completed"
        }
        #expect(seen.last?["results"]?.array?.count == 1)
        try await expectRemoval(of: id, second)
        #expect(try await status(id, second) == 410)
        #expect(try await Curl.get("\(second.url)/readyz").json()["warnings"] == nil)
    }

    @Test func `only a video that nobody fetched is announced before its removal`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway {
            $0.provider = hosts.own.origin
            $0.archiveLimits = "keep: 40s"
        }
        // Every change: a reader of states may miss one that the next replaces.
        let changes = try RunningProgram(
            "/usr/bin/curl", ["-sSN", "--noproxy", "*", "--max-time", "170", "\(gateway.url)/v1/events"],
            environment: Tools.baseEnvironment, folder: fixture.folder.path)
        let fetched = try await complete("large1", gateway).id
        #expect(try await Curl.get("\(gateway.url)/v1/tasks/\(fetched)/content").status == 200)
        let other = try await complete("large2", gateway).id
        let change = await changes.output.first { $0.contains(other) && $0.contains(#""warnings":"#) }
        let task = try JSONValue(parsing: Array(try #require(change).dropFirst("data: ".count).utf8))
        let warning = task["gateway"]?["warnings"]?.array?.first
        #expect(warning?["code"]?.string == "not_fetched")
        changes.signal(SIGKILL)
        _ = await changes.end()
        try await expectRemoval(of: fetched, gateway)
        try await expectRemoval(of: other, gateway)
        let lines = gateway.program.errors.text.split(separator: "\n")
        let notices = lines.filter { $0.contains("a video that nobody has fetched will be removed") }
        #expect(notices.count == 1 && notices.first?.contains(other) == true, "\(notices)")
    }
}
