import GatewayProtocol
import JSONText
import VideoJobs

/// Records of the audit as aligned lines for a person.
enum AuditListing {
    /// Returns the lines, the first with the column names.
    static func lines(_ records: [JSONValue]) -> [String] {
        TextTable.lines(
            [["TIME", "ACTOR", "ACTION", "CLIENT", "DECISION", "USD", "TASK", "DETAIL"]] + records.map(row))
    }

    private static func row(_ record: JSONValue) -> [String] {
        let price = record[AuditMember.price]?[AuditMember.microdollars]?.integer
        return [
            record[AuditMember.at]?.integer.map(TaskTable.timestamp) ?? "-", text(.actor, of: record),
            text(.action, of: record), text(.client, of: record), text(.decision, of: record),
            price.map(Dollars.text) ?? "-", text(.task, of: record), details(record),
        ]
    }

    private static func text(_ member: AuditMember, of record: JSONValue) -> String {
        record[member]?.string.map(PrintableText.line) ?? "-"
    }

    private static func details(_ record: JSONValue) -> String {
        [record[AuditMember.detail]?.string, record[AuditMember.prompt]?.string].compactMap(\.self)
            .map(PrintableText.line).joined(separator: " ")
    }
}
