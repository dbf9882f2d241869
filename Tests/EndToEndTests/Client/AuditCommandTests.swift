import ArgumentParser
import FoundationEssentials
import Glibc
import JSONText
import ProcessTestSupport
import Testing

@testable import Reelgate

/// `reelgate audit`, with a running gateway and without one.
@Suite(.timeLimit(.minutes(3))) struct AuditCommandTests {
    @Test func `the audit lists jobs and changes of clients, also when no gateway runs`() async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration { $0.access = "{clients: tokens}" }
        func run(_ arguments: String...) async throws -> FinishedProgram {
            try await Tools.run(
                "reelgate", arguments + ["--config", config], environment: [:], folder: fixture.folder.path)
        }
        let gateway = try await fixture.gateway { $0.access = "{clients: tokens}" }
        let token = try #require(try await run("clients", "add", "studio").lines.first)
        let id = try await gateway.accepted(
            GatewayUnderTest.exampleJob, ["-H", "Authorization: Bearer \(token)", "-H", "X-Request-Id: my-1"])
        _ = try await run("clients", "revoke", "studio")
        let running = try await run("audit", "--since", "1h", "--client", "studio")
        let records = try running.lines.map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(
            records.map { $0["action"]?.string } == ["client_revoke", "submit", "client_add"],
            "\(running.text)\(running.errors)")
        #expect(records[1]["task"]?.string == id && records[1]["request_id"] == "my-1")
        #expect(records[1]["actor"] == "studio" && records[1]["prompt"] == nil)
        #expect(records[1]["detail"] == "model veo-3.1-reference-to-video")
        #expect(!running.text.contains(token))

        gateway.program.signal(SIGTERM)
        _ = await gateway.program.end()
        let stopped = try await run("audit")
        #expect(stopped.lines == running.lines)
        #expect(stopped.errors.contains("no gateway is running"))
        let typo = try await run("audit", "--client", "studoi", "--since", "1h")
        #expect(typo.status == 1 && typo.lines.isEmpty)
        #expect(typo.errors.contains("there is no client studoi\nDid you mean studio?"), "\(typo.errors)")
        #expect(typo.errors.components(separatedBy: "no gateway is running").count == 2)
        // It was never added and is known all the same.
        #expect(try await run("audit", "--client", "open").status == 0)
    }

    @Test(arguments: [
        ("24h", 913_600), ("1970-01-11", 864_000), ("1970-01-01T00:00:07Z", 7), ("2026-13-01", nil),
        ("yesterday", nil), ("", nil), ("30d", 0), ("1970-01-01T01:00:07+01:00", 7),
        ("1969-12-31T23:30:07-0030", 7), ("1970-01-01T00:00:07", 7), ("1970-01-01 00:01", 60),
        ("1970-01-01T00:00:07.999z", 7), ("1764460800", 1_764_460_800), ("2024-02-29", 1_709_164_800),
        // No such date, time or offset.
        ("2026-02-30", nil), ("2026-02-29", nil), ("2026-00-01", nil), ("2026-04-31T00:00:00Z", nil),
        ("1970-01-01T24:00:00Z", nil), ("1970-01-01T00:60:00Z", nil), ("1970-01-01T00:00:60Z", nil),
        ("1970-01-01T00:00:07+24:00", nil), ("1970-01-01T00:00:07Z7", nil), ("1970-01-01T00", nil),
        ("1970-01-01T00:00:07.Z", nil), ("1970-1-1", nil), ("1969-12-31", nil),
        // Without a unit, or a date without hyphens.
        ("60", nil), ("20260131", nil), ("999999999999", nil), ("-5", nil),
    ])
    func `a time is a length before now, a day or a time`(_ text: String, _ expected: Int64?) {
        #expect(TimeText.seconds(text, now: 1_000_000) == expected)
    }

    @Test func `a listing has aligned columns and no control characters`() throws {
        let record: JSONValue = [
            "at": 1_757_165_031, "actor": "studio", "action": "submit", "client": "studio",
            "decision": "admitted", "task": "task-rg-1", "price": ["microdollars": 960_000], "detail": nil,
            "prompt": "a\u{1B}[2Jb",
        ]
        #expect(
            AuditListing.lines([record]) == [
                "TIME                  ACTOR   ACTION  CLIENT  DECISION  USD   TASK       DETAIL",
                "2025-09-06T13:23:51Z  studio  submit  studio  admitted  0.96  task-rg-1  a [2Jb",
            ])
    }

    @Test(arguments: [["--since", "yesterday"], ["--limit", "0"]])
    func `a wrong option is a usage error`(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try AuditCommand.parse(arguments) }
    }
}
