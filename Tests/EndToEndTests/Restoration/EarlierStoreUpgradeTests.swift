import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// The program on a data folder of an earlier version: schema 4, before events had a global sequence.
@Suite(.timeLimit(.minutes(3))) struct EarlierStoreUpgradeTests {
    private static let ended = [
        "task-rg-1795960754-lk0oxg094om2": "failed generation_timeout",
        "task-rg-1795960754-n0bd1adk4u8t": "completed -",
        "task-rg-1795960759-0o7xim7hc914": "completed -",
        "task-rg-1795960759-a5c9u3862fkk": "failed content_policy_violation",
        "task-rg-1795960760-zmex0oilue23": "uncertain outcome_unknown",
        "task-rg-1795960760-iu6ljjy7hcxc": "failed dismissed",
        "task-rg-1795960760-kem5h8twh1ez": "failed invalid_parameters",
        "task-rg-1795960761-ay1e5wmdtec7": "cancelled -",
        // Killed during its submission.
        "task-rg-1795960762-5hqbmjb5sgxz": "uncertain outcome_unknown",
    ]
    private static let unfinished = [
        "task-rg-1795960759-miv41ayl0uph", "task-rg-1795960760-803exlj3hmwm",
        "task-rg-1795960760-3fp5mhmpuy7y", "task-rg-1795960761-nw09fcozc4du",
        "task-rg-1795960761-u97elmpkxmzd",
    ]
    private static let kept = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../StoreSQLiteTests/Corpus/schema-4")

    /// A provider that has completed every task but the one in its grace period, with the kept video.
    private func script(_ fixture: EndToEndFixture) async throws {
        let video = try Data(
            contentsOf: Self.kept.appending(path: "archive/15/task-rg-1795960759-0o7xim7hc914-0.mp4"))
        let url = "\(fixture.provider)/results/video.mp4"
        let body =
            #"{\"status\":\"completed\",\"progress\":100,"#
            + #"\"results\":[{\"url\":\"\#(url)\"}]}"#
        try await fixture.script(
            """
            [{"match":{"kind":"status","path":"task-unified-1795960754-xh6zkrp6"},"do":{"status":503}},
             {"match":{"kind":"status"},"do":{"reply":{"status":200,"body":"\(body)"}}},
             {"match":{"kind":"content"},"do":{"reply":{"status":200,
              "fields":{"Content-Type":"video/mp4"},"base64":"\(video.base64EncodedString())"}}}]
            """)
    }

    private func expectEnded(_ gateway: GatewayUnderTest) async throws {
        for (id, expected) in Self.ended {
            let task = try await gateway.task(id)
            let state = task["gateway"]?["state"]?.string ?? "-"
            #expect("\(state) \(task["error"]?["code"]?.string ?? "-")" == expected, "\(id)")
        }
    }

    /// Copies the store. Its archived video gets a new expiry: the test must not depend on the date.
    private func copyStore(to fixture: EndToEndFixture) async throws {
        let data = fixture.folder.path + "/data"
        try FileManager.default.copyItem(at: Self.kept, to: URL(filePath: data))
        let expiry = Int64(Date().timeIntervalSince1970 + 86_400) * 1000
        let change =
            "UPDATE tasks SET content_expires = \(expiry) WHERE id = 'task-rg-1795960759-0o7xim7hc914'"
        let finished = try await Tools.run(
            "sqlite3", [data + "/reelgate.db", change], folder: fixture.folder.path)
        try #require(finished.status == 0, "\(finished.errors)")
    }

    @Test func `it opens, recovers and serves, and no job is sent twice`() async throws {
        let fixture = try await EndToEndFixture()
        try await script(fixture)
        try await copyStore(to: fixture)
        let first = try await fixture.gateway()
        try await expectEnded(first)
        for id in Self.unfinished {
            let task = try await first.follow(id) { $0["status"]?.string == "completed" }.last
            #expect(task?["results"]?.array?.first?["bytes"]?.integer == 1443, "\(id)")
            #expect(try await Curl.get("\(first.url)/v1/tasks/\(id)/content").body.count == 1443)
        }
        // Only the task that waited is sent; tasks that were running are not sent again.
        #expect(try await fixture.ledger()["creates"]?.integer == 1)

        let content = "/v1/tasks/task-rg-1795960759-0o7xim7hc914/content"
        #expect(try await Curl.get(first.url + content).body.count == 1443)
        first.program.signal(SIGTERM)
        #expect(await first.program.end() == 0)

        let second = try await fixture.gateway()
        try await expectEnded(second)
        for id in Self.unfinished {
            #expect(try await second.task(id)["status"]?.string == "completed", "\(id)")
        }
        #expect(try await fixture.ledger()["creates"]?.integer == 1)
    }
}
