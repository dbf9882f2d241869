import FoundationEssentials
import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// Programs that are started without some of the descriptors 0 to 2.
@Suite(.timeLimit(.minutes(3))) struct DescriptorTests {
    /// The redirections of a shell that close descriptors.
    private static func closing(_ descriptors: [Int]) -> String {
        descriptors.map { $0 == 0 ? "0<&-" : "\($0)>&-" }.joined(separator: " ")
    }

    private func reelgate(_ arguments: String, closing descriptors: [Int]) async throws -> FinishedProgram {
        let command = "exec \(Tools.reelgate) \(arguments) \(Self.closing(descriptors))"
        return try await Tools.run("bash", ["-c", command])
    }

    @Test(arguments: [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]])
    func `a command works without them and writes to the open ones`(_ descriptors: [Int]) async throws {
        let gateway = "http://127.0.0.1:\(RawServer.closedPort())"
        let listed = try await reelgate("tasks list --gateway \(gateway)", closing: descriptors)
        #expect(listed.status == 3)
        #expect(listed.errors.contains("cannot reach the gateway") == !descriptors.contains(2))
        let helped = try await reelgate("--help", closing: descriptors)
        #expect(helped.status == 0)
        #expect(helped.text.contains("OVERVIEW") == !descriptors.contains(1))
    }

    @Test(arguments: [[0], [2], [0, 2]])
    func `a gateway replaces them by the null device`(_ descriptors: [Int]) async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration()
        let command = "exec \(Tools.reelgate) serve --config \(config) \(Self.closing(descriptors))"
        let program = try RunningProgram(
            "/bin/bash", ["-c", command],
            environment: Tools.baseEnvironment.merging(["REELGATE_PROVIDER_API_KEY": EndToEndFixture.key]) {
                $1
            },
            folder: fixture.folder.path)
        let gateway = GatewayUnderTest(program: program, url: try await program.listeningAddress())
        for descriptor in descriptors {
            let target = try FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/\(program.pid)/fd/\(descriptor)")
            #expect(target == "/dev/null")
        }
        let id = try await gateway.accepted()
        try await fixture.advance("61m")
        _ = try await gateway.follow(id) { $0["status"]?.string == "completed" }
        program.signal(SIGTERM)
        #expect(await program.end() == 0)
        let log = program.errors.text
        #expect(log.contains("stopped") == !descriptors.contains(2), "\(log)")
    }

    @Test func `a closed pipe ends a list without an error`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        for _ in 0..<3 { _ = try await gateway.accepted() }
        let command =
            "\(Tools.reelgate) tasks list --gateway \(gateway.url) | head -n 1; exit ${PIPESTATUS[0]}"
        let piped = try await Tools.run("bash", ["-c", command])
        #expect(piped.lines.count == 1)
        #expect(piped.status == 0)
        #expect(piped.errors.isEmpty, "\(piped.errors)")
    }
}
