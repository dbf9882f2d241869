import JSONText
import VideoJobs

/// The ledger of the simulated provider: every create with its verdict, and counts of all calls.
struct SimulatorLedger: Sendable {
    /// One create request.
    struct Entry: Sendable {
        var time: Timestamp
        /// The last four characters of the key; `nil` without one.
        var keyTail: String?
        var body: [UInt8] = []
        /// Whether the body is valid JSON, which the ledger then contains unquoted.
        var isJSON = false
        /// The task of an accepted create.
        var taskID: String?
        /// The status of the response; `nil` if none was sent.
        var status: Int?
        /// The error code of a refusal.
        var code: String?
        /// The names of the actions of a script.
        var scripted: String?
    }

    private let limits: SimulatorLimits
    /// The number of creates that would be billed.
    private(set) var accepted = 0
    private(set) var creates = 0
    var polls = 0
    var downloads = 0
    /// The number of downloads with an `Authorization` field, which should not contain the key.
    var downloadsWithKey = 0
    /// The number of entries dropped at the limit.
    private(set) var dropped = 0
    private var requests: [String: Int] = [:]
    private var entries = BoundedQueue<Entry>()
    private var contentRequests = BoundedQueue<ContentRequest>()
    private var contentRequestsDropped = 0
    private var bytes = 0

    init(_ limits: SimulatorLimits) { self.limits = limits }

    /// Counts a request by its method and path pattern.
    mutating func count(_ method: String, _ pattern: String) {
        // Bounds the number of distinct methods.
        let name = "\(method.prefix(16)) \(pattern)"
        requests[requests[name] != nil || requests.count < 200 ? name : "other", default: 0] += 1
    }

    /// Adds a create; the oldest entries are dropped at the limits.
    mutating func record(_ entry: Entry) {
        creates += 1
        if entry.taskID != nil { accepted += 1 }
        entries.append(entry)
        bytes += entry.body.count
        while entries.count > limits.entries || bytes > limits.entryBytes, let oldest = entries.popFirst() {
            bytes -= oldest.body.count
            dropped += 1
        }
    }

    /// Adds a request for a result; the oldest are dropped at the limit.
    mutating func record(_ request: ContentRequest) {
        contentRequests.append(request)
        while contentRequests.count > limits.contentRequests, contentRequests.popFirst() != nil {
            contentRequestsDropped += 1
        }
    }

    /// Returns the ledger as JSON with its `limit` newest entries.
    func json(limit: Int, tasks: SimulatedTasks, script: FaultScript, now: Timestamp) -> [UInt8] {
        let shown = min(max(0, limit), entries.count)
        var writer = JSONWriter(reserving: 1024 + shown * 512)
        writer.beginObject()
        writeCounts(to: &writer)
        writer.member("tasks", tasks.count)
        writer.member("tasks_forgotten", tasks.forgotten)
        writer.name("now")
        writer.real(now.decimalSeconds)
        writer.name("script")
        script.writeCounts(to: &writer)
        writer.name("entries")
        writer.beginArray()
        for (offset, entry) in entries.dropFirst(entries.count - shown).enumerated() {
            let number = dropped + entries.count - shown + offset + 1
            entry.write(number: number, task: entry.taskID.flatMap { tasks[$0] }, to: &writer)
        }
        writer.endArray()
        writeContentRequests(limit: limit, to: &writer)
        writer.endObject()
        return writer.bytes
    }

    private func writeContentRequests(limit: Int, to writer: inout JSONWriter) {
        let count = contentRequests.count
        writer.name("content_requests")
        writer.beginArray()
        for request in contentRequests.dropFirst(count - min(max(0, limit), count)) {
            request.write(to: &writer)
        }
        writer.endArray()
        writer.member("content_requests_dropped", contentRequestsDropped)
    }

    private func writeCounts(to writer: inout JSONWriter) {
        writer.member("accepted", accepted)
        writer.member("refused", creates - accepted)
        writer.member("creates", creates)
        writer.member("polls", polls)
        writer.member("downloads", downloads)
        writer.member("downloads_with_key", downloadsWithKey)
        writer.member("entries_dropped", dropped)
        writer.name("requests")
        writer.beginObject()
        for (name, count) in requests.sorted(by: { $0.key < $1.key }) { writer.member(name, count) }
        writer.endObject()
    }
}

extension SimulatorLedger.Entry {
    fileprivate func write(number: Int, task: SimulatedTask?, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("number", number)
        writer.name("time")
        writer.real(time.decimalSeconds)
        writer.member("key", orNull: keyTail)
        writer.member("verdict", taskID == nil ? "refused" : "accepted")
        writer.name("status")
        if let status { writer.integer(status) } else { writer.null() }
        writer.member("code", orNull: code)
        writer.member("scripted", orNull: scripted)
        writer.member("task_id", orNull: taskID)
        writer.member("polls", task?.polls ?? 0)
        writer.member("downloads", task?.downloads ?? 0)
        writer.name("body")
        if isJSON { writer.raw(body) } else { writer.string(String(decoding: body, as: UTF8.self)) }
        writer.endObject()
    }
}

extension Timestamp {
    var decimalSeconds: Double { Double(milliseconds) / 1000 }
}
