import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import Testing
import Transport

@testable import Reelgate

/// Bursts of parallel jobs against a budget with room for ten of them.
///
/// `make test` runs two over 250 connections, `make crash` runs twenty over 1,000: REELGATE_BURSTS sets how
/// many. Every second one is interrupted by a kill and repeated by a new gateway.
@Suite(.timeLimit(.minutes(60))) struct BurstTests {
    private static let jobs = 1_000
    private static let room = 10
    /// Of eight seconds at 1080p without sound, in the built-in catalog.
    private static let price: Int64 = 1_280_000
    private static let job = """
        {"model":"veo-3.1-reference-to-video","prompt":"A garden",\
        "reference_image_urls":["https://example.com/ref1.jpg"]}
        """

    @Test func `a thousand parallel jobs against a budget for ten admit exactly ten`() async throws {
        let wanted = ProcessInfo.processInfo.environment["REELGATE_BURSTS"].flatMap { Int($0) }
        let bursts = wanted ?? 2
        let budget = DescriptorBudget.raise(forConnections: wanted == nil ? 250 : Self.jobs)
        let client = CrashTestClient(
            loop: try EventLoop(label: "burst"), connectionsMax: budget.connections)
        let provider = try await SimulatorProcess(taskSeconds: 3600, client: client)
        for number in 0..<bursts {
            let burst = try await Burst(provider, client)
            if number % 2 == 1 { try await burst.killGateway(afterResponses: 1 + number % 8) }
            let program = try burst.installation.start()
            let gateway = try await program.listeningAddress()
            let statuses = await burst.postAll(to: gateway)
            let admitted = statuses.count { $0 == 202 }
            #expect(number % 2 == 1 ? admitted <= Self.room : admitted == Self.room, "burst \(number)")
            #expect(statuses.allSatisfy { $0 == 202 || $0 == 402 }, "burst \(number): \(Set(statuses))")
            try await burst.check(gateway)
        }
    }

    /// One store with a client that has the budget.
    private struct Burst {
        let installation: GatewayInstallation
        private let provider: SimulatorProcess
        private let client: CrashTestClient
        private let token: String
        private let operatorToken: String

        init(_ provider: SimulatorProcess, _ client: CrashTestClient) async throws {
            self.provider = provider
            self.client = client
            try await provider.reset()
            installation = try GatewayInstallation(provider: provider.address, loop: client.loop) {
                $0.access = "{clients: tokens}"
            }
            token = try await Self.add(
                ["studio", "--budget-usd", "12.80", "--per", "month"], to: installation)
            operatorToken = try await Self.add(["boss", "--role", "operator"], to: installation)
        }

        private static func add(
            _ arguments: [String], to installation: GatewayInstallation
        ) async throws -> String {
            let added = try await Tools.run(
                "reelgate", ["clients", "add"] + arguments + ["--config", "reelgate.yaml"],
                folder: installation.folder.path)
            return try #require(added.lines.first, "\(added.errors)")
        }

        /// Kills a gateway in the middle of a burst.
        func killGateway(afterResponses count: Int) async throws {
            let program = try installation.start()
            let gateway = try await program.listeningAddress()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<jobs { group.addTask { _ = await post(to: gateway) } }
                for _ in 0..<count { await group.next() }
                program.signal(SIGKILL)
            }
            #expect(await program.end() == -SIGKILL)
        }

        /// Posts all jobs at once. Returns the statuses.
        func postAll(to gateway: String) async -> [Int] {
            await withTaskGroup(of: Int.self) { group in
                for _ in 0..<jobs { group.addTask { await post(to: gateway)?.status ?? 0 } }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }

        private func post(to gateway: String) async -> ClientResponse? {
            await client.send(
                "POST", "\(gateway)/v1/videos/generations", job,
                ["Authorization": "Bearer \(token)", "Prefer": "respond-async"])
        }

        /// Checks that ten tasks hold the whole budget, and that no reservation lacks an open task.
        func check(_ gateway: String) async throws {
            let list = await client.get(
                "\(gateway)/v1/tasks?limit=100", ["Authorization": "Bearer \(operatorToken)"])
            let tasks = try #require(list?.json?["data"]?.array)
            #expect(tasks.count == room)
            for task in tasks {
                let price = task["gateway"]?["price"]
                #expect(price?["microdollars"]?.integer == BurstTests.price)
                let states = "\(price?["state"]?.string ?? "-") \(task["gateway"]?["state"]?.string ?? "-")"
                let consistent = [
                    "reserved queued", "reserved sending", "reserved running", "held uncertain",
                ]
                #expect(consistent.contains(states), "\(states)")
            }
            let last = try #require(await post(to: gateway))
            #expect(last.status == 402)
            #expect(last.json?["limit"]?["left_microdollars"]?.integer == 0)
            #expect(try await provider.ledger().creates.count { $0.taskID != nil } <= room)
        }
    }
}
