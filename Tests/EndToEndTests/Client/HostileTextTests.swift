import HTTPFetching
import JSONText
import Testing

@testable import Reelgate

/// Text and numbers of a server that may not be a gateway.
@Suite struct HostileTextTests {
    private static let escape = "\u{1B}]0;EVIL\u{7}\u{1B}[2J\u{9B}31m\u{202E}\u{2066}\nx"

    /// Whether a text could move the cursor or turn the direction of text.
    private func isHarmful(_ text: String) -> Bool {
        text.unicodeScalars.contains {
            $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || [0x202E, 0x2066].contains($0.value)
        }
    }

    private func task(created: Int64 = 0) -> JSONValue {
        let text = JSONValue.string(Self.escape)
        return [
            "id": text, "status": "failed", "model": text, "progress": 42, "created": .integer(created),
            "error": ["code": text, "message": text], "results": nil,
            "gateway": [
                "state": text, "client": text, "prompt": text, "updated": .integer(created),
                "provider_task_id": text,
            ],
        ]
    }

    @Test func `nothing of a task moves the cursor of a terminal`() throws {
        let report = try #require(TaskReport(task()))
        let shown =
            TaskTable.lines([report], now: 0) + TaskTable.details(report)
            + [
                report.id, report.state, report.failure?.what ?? "", report.failure?.remedy ?? "",
                ProgressBar(report, now: 0).line(width: 80, style: .init(hasColour: false, hasBlocks: false)),
            ]
        #expect(shown.allSatisfy { !isHarmful($0) }, "\(shown)")
        #expect(shown.contains { $0.contains("EVIL") })
        #expect(PrintableText.line("é 日本 🎬 \u{301}") == "é 日本 🎬 \u{301}")
    }

    @Test func `nothing of a problem moves the cursor of a terminal`() throws {
        let text = JSONValue.string(Self.escape)
        let problem: JSONValue = [
            "detail": text, "error": ["code": text], "task_id": text, "hint": text,
            "errors": [["pointer": text, "message": text, "hint": text]],
        ]
        let read = GatewayProblem(.init(status: 400, body: problem.serialized()))
        let error = read.commandError
        let lines = error.what.split(separator: "\n").map(String.init) + [error.remedy ?? ""]
        #expect(lines.count == 3 && lines.allSatisfy { !isHarmful($0) }, "\(lines)")
    }

    @Test(arguments: [Int64.min, -1, 253_402_300_800, Int64.max])
    func `a time out of range neither ends the program nor is shown as it is`(_ created: Int64) throws {
        let report = try #require(TaskReport(task(created: created)))
        #expect((0...253_402_300_799).contains(report.created))
        for now in [0, 1_757_165_031, 253_402_300_799] {
            #expect(TaskTable.lines([report], now: Int64(now)).count == 2)
        }
        #expect(TaskTable.details(report).count > 5)
        #expect(try OutputName("{date}.mp4").path(for: report).hasSuffix(".mp4"))
    }
}
