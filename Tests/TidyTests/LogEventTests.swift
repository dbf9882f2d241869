import Gateway
import Testing

/// `LogEventName` is the one list of the log's events: the page has a row for each, in order.
@Suite struct LogEventTests {
    @Test func `the page of the log has one row for each event, in order`() {
        let page = SourceTree.text(of: "Sources/Reelgate/Reelgate.docc/Logs.md")
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") && $0.contains(".") }
            .compactMap { $0.dropFirst(3).split(separator: "`").first.map(String.init) }
            .filter { LogEventName(rawValue: $0) != nil || $0.contains(".") }
        #expect(rows == LogEventName.allCases.map(\.rawValue))
    }

    @Test func `every event is used`() {
        let texts = SourceTree.swiftFiles.filter(\.isSource).map { SourceTree.text(of: $0.path) }
        let unused = LogEventName.allCases.filter { event in !texts.contains { $0.contains(".\(event),") } }
        #expect(unused.isEmpty, "\(unused)")
    }

    @Test func `names consist of lower-case words with one dot`() {
        for event in LogEventName.allCases {
            let parts = event.rawValue.split(separator: ".")
            #expect(parts.count == 2, "\(event)")
            #expect(event.rawValue.utf8.allSatisfy { (0x61...0x7A).contains($0) || "._".utf8.contains($0) })
        }
    }

    @Test func `only the structured log uses the logger`() {
        let files = SourceTree.swiftFiles.filter {
            $0.isSource && !$0.lines(using: "Logger(label").isEmpty
        }
        .map(\.path)
        #expect(
            Set(files) == [
                "Sources/Gateway/Ports/GatewayPorts.swift", "Sources/Reelgate/Operator/StoreCall.swift",
                "Sources/Reelgate/Serving/ProcessLog.swift", "Sources/Reelgate/Serving/Service.swift",
            ])
    }
}
