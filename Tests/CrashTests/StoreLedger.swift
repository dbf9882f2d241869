import JSONText
import ProcessTestSupport
import Testing

/// The contents of the store, read by the sqlite3 program after the gateway has exited.
struct StoreLedger: Sendable {
    struct Event: Equatable, Sendable {
        var number: Int
        /// Milliseconds since 1970.
        var at: Int64
        var name: String
    }

    struct Task: Sendable {
        var id: String
        var prompt: String
        var state: String
        var version: Int
        var attempts = 0
        var providerTaskID: String?
        var sha256: String?
        var failureCode: String?
        /// The evidence of an uncertain submission.
        var evidence: JSONValue?
        var events: [Event] = []
    }

    var tasks: [String: Task] = [:]
    /// The task of each Idempotency-Key.
    var keys: [String: String] = [:]

    init(tasks: [Task] = [], keys: [String: String] = [:]) {
        for task in tasks { self.tasks[task.id] = task }
        self.keys = keys
    }

    /// Reads a store that no gateway has open.
    static func read(_ path: String) async throws -> StoreLedger {
        var ledger = StoreLedger()
        let tasks = try await rows(
            """
            SELECT t.*, json_extract(CAST(p.body AS TEXT), '$.prompt') AS job_prompt
            FROM tasks t LEFT JOIN payloads p ON p.task = t.sequence
            """, path)
        for row in tasks {
            let task = Task(row)
            ledger.tasks[task.id] = task
        }
        let events = try await rows(
            """
            SELECT t.id, e.number, e.at, e.name FROM events e JOIN tasks t ON t.sequence = e.task
            ORDER BY e.task, e.number
            """, path)
        for row in events {
            let event = Event(
                number: row.count("number"), at: row["at"]?.integer ?? 0, name: row.text("name"))
            ledger.tasks[row.text("id")]?.events.append(event)
        }
        let keys = try await rows(
            "SELECT i.key, t.id FROM idempotency i JOIN tasks t ON t.sequence = i.task", path)
        for row in keys { ledger.keys[row.text("key")] = row.text("id") }
        return ledger
    }

    /// Returns the events that clients can see, in their order.
    static func visibleEvents(in path: String) async throws -> [(sequence: Int64, state: String)] {
        let events = try await rows(
            "SELECT sequence, state FROM events WHERE state IS NOT NULL ORDER BY sequence", path)
        return events.map { ($0["sequence"]?.integer ?? 0, $0.text("state")) }
    }

    private static func rows(_ query: String, _ path: String) async throws -> [JSONValue] {
        let finished = try await Tools.run("sqlite3", ["-json", "-readonly", path, query])
        try #require(finished.status == 0, "sqlite3: \(finished.errors)")
        return finished.output.isEmpty ? [] : try finished.json().array ?? []
    }
}

extension StoreLedger.Task {
    fileprivate init(_ row: JSONValue) {
        id = row.text("id")
        prompt = row.text("job_prompt")
        state = row.text("state")
        version = row.count("version")
        attempts = row.count("attempts")
        providerTaskID = row["provider_task_id"]?.string
        failureCode = row["failure_code"]?.string
        sha256 = row.parsed("results")?.array?.first?["sha256"]?.string
        evidence = row.parsed("evidence")
    }
}

extension JSONValue {
    fileprivate func text(_ name: String) -> String { self[name]?.string ?? "" }
    fileprivate func count(_ name: String) -> Int { Int(self[name]?.integer ?? 0) }

    /// A column that holds JSON as text.
    fileprivate func parsed(_ name: String) -> JSONValue? {
        self[name]?.string.flatMap { try? JSONValue(parsing: Array($0.utf8)) }
    }
}
