import Foundation
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// The outcomes of the contract's section 6, with faults on real sockets and the real executable.
@Suite(.timeLimit(.minutes(5))) struct ClassificationTableTests {
    /// The number of rows that run at the same time.
    private static let lanes = 6

    @Test func `every fault has the outcome of the contract's table, and no job is accepted twice`()
        async throws
    {
        let home = try await EndToEndFixture()
        let authority = try await CertificateAuthority()
        let elsewhere = RawServer { connection, _ in connection.respond(200, "{}") }
        defer { elsewhere.stop() }
        let rows = Self.rows(elsewhere: "\(elsewhere.origin)/v1/videos/generations")
        try #require(Set(rows.map(\.fault)).count == rows.count, "two faults have the same name")
        try await home.script(Self.script(rows))

        let outcomes = try await Self.run(rows, home, authority)
        var table = OutcomeTable()
        for (row, outcome) in zip(rows, outcomes) {
            #expect(outcome == row.expected, "\(row.fault)")
            #expect(
                (outcome.afterRecovery ?? outcome.counts).accepted <= (row.followsAnother ? 2 : 1),
                "\(row.fault)")
            table.add(row.fault, outcome)
        }
        // The key is not sent to the target of a redirect.
        #expect(elsewhere.connections == 0)
        try await Self.expectNothingSentAgain(rows, outcomes, home)
        Self.show(table)
        try Self.compareWithTable(table)
        try Self.compareWithPage(table)
    }

    private static func rows(elsewhere: String) -> [FaultRow] {
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.timeZone = TimeZone(secondsFromGMT: 0)
        form.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let date = form.string(from: Date() + 120)
        return UnsentFaults.rows + ScriptedFaults.rows + BrokenSockets.rows + OddReplies.rows
            + StatusFaults.busy(date: date) + StatusFaults.rows(elsewhere: elsewhere)
    }

    /// Returns a rule of the simulator's script for each row that it can cause.
    private static func script(_ rows: [FaultRow]) -> String {
        let rules = rows.compactMap { row -> String? in
            guard case .script(let actions, let times) = row.provider else { return nil }
            let match = #"{"kind":"create","prompt":"\#(FaultRun.prompt(row.fault))"}"#
            return #"{"match":\#(match),"times":\#(times),"do":{\#(actions)}}"#
        }
        return "[\(rules.joined(separator: ",\n"))]"
    }

    private static func run(
        _ rows: [FaultRow], _ home: EndToEndFixture, _ authority: CertificateAuthority
    ) async throws -> [Outcome] {
        try await withThrowingTaskGroup(of: [(Int, Outcome)].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var run = FaultRun(home: home, authority: authority)
                    var seen: [(Int, Outcome)] = []
                    for index in stride(from: lane, to: rows.count, by: lanes) {
                        seen.append((index, try await run.run(rows[index])))
                    }
                    return seen
                }
            }
            let all = try await group.reduce(into: []) { $0 += $1 }
            return all.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Requires that the simulator received no further create of any row.
    private static func expectNothingSentAgain(
        _ rows: [FaultRow], _ outcomes: [Outcome], _ home: EndToEndFixture
    ) async throws {
        let ledger = try await home.ledger()
        for (row, outcome) in zip(rows, outcomes) {
            guard case .script = row.provider else { continue }
            let counts = EndToEndFixture.counts(FaultRun.prompt(row.fault), in: ledger)
            #expect(counts == outcome.afterRecovery ?? outcome.counts, "\(row.fault), at the end")
        }
    }

    private static func show(_ table: OutcomeTable) {
        FileHandle.standardOutput.write(Data((table.text + "\n").utf8))
    }

    /// Compares every row with the table that the repository keeps.
    private static func compareWithTable(_ table: OutcomeTable) throws {
        let recorded = try rows(of: "SubmissionOutcomes.md")
        #expect(
            Array(recorded.dropFirst(2)) == table.markdown,
            "the table must be:\n\(table.markdown.joined(separator: "\n"))")
    }

    /// Compares the outcomes that the documentation's rules name with those of the faults: class, state and
    /// response. A crash of the gateway has no response and is left out.
    private static func compareWithPage(_ table: OutcomeTable) throws {
        let page = try rows(of: "../../Sources/Reelgate/Reelgate.docc/SubmissionOutcomes.md").dropFirst(2)
        let rules = page.map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let documented = Set(rules.filter { $0[3] != "–" }.map { Array($0[1...3]) })
        #expect(documented == Set(table.rows.map { Array($0[1...3]) }))
    }

    /// The rows of the only table of a Markdown file, beginning with its heading.
    private static func rows(of path: String) throws -> [String] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: path)
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("|") }
    }
}
