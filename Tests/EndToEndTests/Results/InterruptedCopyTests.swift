import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// Copies that are cut, and gateways that are killed while they copy.
@Suite(.timeLimit(.minutes(3))) struct InterruptedCopyTests {
    /// The ranges of all requests for results.
    private func ranges(_ fixture: EndToEndFixture) async throws -> [String?] {
        let requests = try await fixture.ledger()["content_requests"]?.array ?? []
        return requests.map { $0["range"]?.string }
    }

    private func content(_ id: String, _ gateway: GatewayUnderTest) async throws -> [UInt8] {
        try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content").body
    }

    @Test func `a host that cuts every copy at half is asked for the rest until the video is whole`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        try await fixture.script(#"[{"do":{"truncate_content":true}}]"#)
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        try await fixture.advance("61m")
        let task = try #require(try await gateway.follow(id) { $0["status"]?.string == "completed" }.last)
        #expect(task["results"]?.array?.first?["verified"]?.bool == true)
        #expect(try await content(id, gateway) == ResultHosts.video)
        let ranges = try await ranges(fixture)
        #expect(ranges.first == .some(nil))
        #expect(ranges.count > 10)
        #expect(!ranges.dropFirst().contains(nil), "\(ranges)")
    }

    @Test func `a copy that is killed continues after the next start, and no part of it is served`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        try await fixture.script(#"[{"match":{"kind":"content","nth":1},"do":{"byte_delay":"1ms"}}]"#)
        let first = try await fixture.gateway()
        let id = try await first.accepted()
        try await fixture.advance("61m")
        let archive = fixture.folder.path + "/data/archive"
        var begun = ""
        while begun.isEmpty {
            begun = try await Tools.run("find", [archive, "-name", "*.part", "-size", "+499c"]).text
        }
        #expect(try await Curl.get("\(first.url)/v1/tasks/\(id)/content").status == 409)
        first.program.signal(SIGKILL)
        #expect(await first.program.end() == -SIGKILL)

        let second = try await fixture.gateway()
        let task = try #require(try await second.follow(id) { $0["status"]?.string == "completed" }.last)
        #expect(try await content(id, second) == ResultHosts.video)
        #expect(task["results"]?.array?.first?["verified"]?.bool == true)
        let ranges = try await ranges(fixture)
        #expect(ranges.count == 2)
        let start = try #require(ranges.last??.dropFirst("bytes=".count).dropLast()).description
        #expect(try #require(Int(start)) >= 450)
        let left = try await Tools.run("find", [archive, "-name", "*.part*"])
        #expect(left.lines.isEmpty, "\(left.text)")
    }
}
