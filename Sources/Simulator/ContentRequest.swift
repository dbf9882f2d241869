import JSONText
import VideoJobs

/// One request for a result, as the ledger lists it.
struct ContentRequest: Sendable {
    private static let fieldLengthMax = 256

    var time: Timestamp
    var taskID: String
    private(set) var range: String?
    private(set) var ifRange: String?
    /// The status of the response; `nil` if none was sent.
    var status: Int?
    /// The names of the actions of a script.
    var scripted: String?

    init(time: Timestamp, taskID: String, range: String?, ifRange: String?) {
        self.time = time
        self.taskID = String(taskID.prefix(Self.fieldLengthMax))
        self.range = range.map { String($0.prefix(Self.fieldLengthMax)) }
        self.ifRange = ifRange.map { String($0.prefix(Self.fieldLengthMax)) }
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("time")
        writer.real(time.decimalSeconds)
        writer.member("task_id", taskID)
        writer.member("range", orNull: range)
        writer.member("if_range", orNull: ifRange)
        writer.name("status")
        if let status { writer.integer(status) } else { writer.null() }
        writer.member("scripted", orNull: scripted)
        writer.endObject()
    }
}
