import Gateway
import Logging
import Testing

@testable import Reelgate

/// Log lines with metadata, as text and as JSON.
@Suite struct LineLogTests {
    private static let details: Logger.Metadata = [
        "event": "task.transition", "attempt": .stringConvertible(LogValue.integer(2)),
        "fetched": .stringConvertible(LogValue.truth(true)), "ms": .stringConvertible(LogValue.decimal(1.5)),
        "task_id": "task-1", "received": "No \"such\" model", "empty": "", "control": "a\nb\u{1B}[31m",
    ]

    private func line(isJSON: Bool) -> String {
        LineLog(label: "reelgate", isJSON: isJSON, level: LogLevel(.info))
            .line("a task failed", .warning, Self.details, at: "2026-01-01T00:00:00Z")
    }

    @Test func `metadata follows the message, quoted if necessary`() {
        let expected =
            "2026-01-01T00:00:00Z warning reelgate: a task failed attempt=2 control=\"a b [31m\" empty=\"\" "
            + "fetched=true ms=1.5 "
            + #"received="No \"such\" model" task_id=task-1"#
        #expect(line(isJSON: false) == expected)
    }

    @Test func `metadata is in members beside the message`() {
        let expected =
            #"{"time":"2026-01-01T00:00:00Z","level":"warning","event":"task.transition","#
            + #""message":"a task failed","attempt":2,"#
            + #""control":"a b [31m","empty":"","fetched":true,"ms":1.5,"#
            + #""received":"No \"such\" model","task_id":"task-1"}"#
        #expect(line(isJSON: true) == expected)
    }

    @Test func `metadata does not replace another member`() {
        let line = LineLog(label: "reelgate", isJSON: true, level: LogLevel(.info))
            .line("m", .info, ["level": "critical"], at: "t")
        #expect(line == #"{"time":"t","level":"info","event":"other","message":"m"}"#)
    }
}
