import JSONText

/// Tasks as aligned lines for a person.
enum TaskTable {
    /// The lines, the first of which names the columns. `now` in seconds since 1970.
    static func lines(_ tasks: [TaskReport], now: Int64) -> [String] {
        let head = ["TASK", "STATE", "DONE", "AGE", "MODEL", "ERROR"]
        let rows = [head] + tasks.map { row($0, now: now) }
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            let line = cells.joined(separator: "  ")
            return String(line[...(line.lastIndex { $0 != " " } ?? line.startIndex)])
        }
    }

    private static func row(_ task: TaskReport, now: Int64) -> [String] {
        let place = task.queuePosition.map { " #\($0)" } ?? ""
        return [
            task.id, task.state + place, "\(task.progress)%", age(now - task.created), task.model,
            task.failureCode ?? "",
        ]
    }

    /// A length of time in its largest unit: `42s`, `17m`, `5h`, `12d`.
    static func age(_ seconds: Int64) -> String {
        switch max(0, seconds) {
        case let seconds where seconds < 60: "\(seconds)s"
        case let seconds where seconds < 3600: "\(seconds / 60)m"
        case let seconds where seconds < 86400: "\(seconds / 3600)h"
        case let seconds: "\(seconds / 86400)d"
        }
    }

    /// One task in full, a name and a value a line.
    static func details(_ task: TaskReport) -> [String] {
        var pairs: [(String, String)] = [
            ("task", task.id), ("model", task.model), ("status", task.status), ("state", task.state),
            ("progress", "\(task.progress)%"),
        ]
        if let place = task.queuePosition { pairs.append(("queue", "#\(place)")) }
        let gateway = task.json["gateway"]
        if let id = gateway?["provider_task_id"]?.string { pairs.append(("provider's id", id)) }
        if let attempts = gateway?["attempts"]?.integer { pairs.append(("attempts", "\(attempts)")) }
        if let code = task.failureCode { pairs.append(("error", code)) }
        if let message = task.failureMessage { pairs.append(("message", message)) }
        for video in task.videos {
            pairs.append(("video", "\(video.bytes) bytes, \(video.contentType)"))
            pairs.append(("sha256", video.sha256))
        }
        let width = pairs.map(\.0.count).max() ?? 0
        return pairs.map { $0 + String(repeating: " ", count: width - $0.count + 2) + $1 }
    }
}
