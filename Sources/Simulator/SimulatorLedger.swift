import JSONText
import VideoJobs

/// What the provider was asked: every create with its verdict, and how often anything was called.
struct SimulatorLedger: Sendable {
    /// One create request.
    struct Entry: Sendable {
        var time: Timestamp
        /// The last four characters of the key; `nil` without one.
        var keyTail: String?
        var body: [UInt8] = []
        /// Whether the body is one JSON text, and can stand in the ledger as such.
        var isJSON = false
        /// What an accepted create bought.
        var taskID: String?
        /// The status of the answer; `nil` if none was sent.
        var status: Int?
        /// The code of a refusal.
        var code: String?
        /// What a script did, in its own words.
        var scripted: String?
    }

    private let limits: SimulatorLimits
    /// Creates that would be billed.
    private(set) var accepted = 0
    private(set) var creates = 0
    var polls = 0
    var downloads = 0
    /// Downloads that carried an `Authorization` field: the key has no business there.
    var downloadsWithKey = 0
    /// Entries that no longer fit.
    private(set) var dropped = 0
    private var requests: [String: Int] = [:]
    private var entries = BoundedQueue<Entry>()
    private var bytes = 0

    init(_ limits: SimulatorLimits) { self.limits = limits }

    /// Counts one request under its method and the shape of its path.
    mutating func count(_ method: String, _ shape: String) {
        // Methods are few, unless somebody invents them.
        let name = "\(method.prefix(16)) \(shape)"
        requests[requests[name] != nil || requests.count < 200 ? name : "other", default: 0] += 1
    }

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

    /// The ledger as JSON with its `limit` newest entries.
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
        writer.endObject()
        return writer.bytes
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

extension JSONWriter {
    mutating func member(_ name: String, _ number: Int) {
        self.name(name)
        integer(number)
    }

    mutating func member(_ name: String, orNull text: String?) {
        self.name(name)
        if let text { string(text) } else { null() }
    }
}

extension Timestamp {
    var decimalSeconds: Double { Double(milliseconds) / 1000 }
}
