import FoundationEssentials
import GatewayProtocol
import JSONText
import VideoJobs

/// Tasks as aligned lines for a person.
enum TaskTable {
    /// Returns the lines, the first with the column names. An uncertain task has a second line with the
    /// evidence of its lost reply. `now` in seconds since 1970.
    ///
    /// - Parameters:
    ///   - width: If lines are wider, the model is left out where all tasks have the same.
    ///   - cutsLines: Whether wider lines will be cut. Then the model is left out in any case: of a task that
    ///     somebody watches, the prompt and the error matter more.
    static func lines(
        _ tasks: [TaskReport], now: Int64, width: Int = .max, cutsLines: Bool = false
    ) -> [String] {
        let lines = lines(tasks, now: now, hasModels: true)
        guard lines.contains(where: { $0.count > width }), cutsLines || Set(tasks.map(\.model)).count == 1
        else { return lines }
        return self.lines(tasks, now: now, hasModels: false)
    }

    private static func lines(_ tasks: [TaskReport], now: Int64, hasModels: Bool) -> [String] {
        // While access is open all tasks belong to one client.
        let hasClients = tasks.contains { !["", openClient].contains($0.client) }
        let client = hasClients ? ["CLIENT"] : []
        let prompt = tasks.contains { $0.prompt != nil } ? ["PROMPT"] : []
        let model = hasModels ? ["MODEL"] : []
        let head = ["TASK", "STATE", "DONE", "AGE"] + client + model + ["ERROR"] + prompt
        let rows = tasks.map { task in
            row(task, now: now) + (hasClients ? [PrintableText.line(task.client)] : [])
                + (hasModels ? [task.model] : [])
                + [task.errorCode ?? ""] + (prompt.isEmpty ? [] : [task.prompt.map(beginning) ?? ""])
        }
        let lines = TextTable.lines([head] + rows)
        let notes = [nil] + tasks.map { $0.evidence.map(note) }
        return zip(lines, notes).flatMap { line, note in [line] + [note].compactMap(\.self) }
    }

    private static func note(_ evidence: EvidenceReport) -> String {
        "  sent \(sending(evidence)): \(reply(evidence))"
    }

    private static func sending(_ evidence: EvidenceReport) -> String {
        let bytes = evidence.bytesSent.map { ", \($0) bytes written" } ?? ""
        return "\(timestamp(evidence.sent)), attempt \(evidence.attempt)\(bytes)"
    }

    private static func reply(_ evidence: EvidenceReport) -> String {
        PrintableText.line((evidence.httpStatus.map { "HTTP \($0); " } ?? "") + evidence.message)
    }

    /// A time as provider records show it: `2025-09-06T13:23:51Z`.
    static func timestamp(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(Date.ISO8601FormatStyle())
    }

    /// The client of open access.
    private static let openClient = "open"
    private static let promptLengthMax = 40

    /// The columns that every table has.
    private static func row(_ task: TaskReport, now: Int64) -> [String] {
        let position = task.queuePosition.map { " #\($0)" } ?? ""
        let slowness = task.isOpen && task.isSlow ? ", slow" : ""
        return [
            task.id, task.state + position + slowness, "\(task.progress)%", age(now - task.created),
        ]
    }

    /// Shortens a line to a width, with an ellipsis if anything is cut.
    static func cut(_ line: String, to width: Int) -> String {
        line.count <= width ? line : line.prefix(max(0, width - 1)) + "…"
    }

    /// The beginning of a prompt, on one line.
    private static func beginning(_ prompt: String) -> String {
        let line = PrintableText.line(prompt)
        return cut(line, to: promptLengthMax)
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

    /// Returns all of a task, one name and value a line.
    static func details(_ task: TaskReport) -> [String] {
        var pairs: [(String, String)] = [
            ("task", task.id), ("client", PrintableText.line(task.client)),
            ("created", timestamp(task.created)),
            ("model", task.model), ("status", task.status), ("state", task.state),
            ("progress", "\(task.progress)%"),
        ]
        if let prompt = task.prompt { pairs.insert(("prompt", prompt), at: 4) }
        if task.isOpen, let seconds = task.estimatedSeconds {
            pairs.append(("estimate", "\(seconds)s\(task.isSlow ? ", slower than most" : "")"))
        }
        if let position = task.queuePosition { pairs.append(("queue", "#\(position)")) }
        let gateway = task.json[TaskMember.gateway]
        if let id = gateway?[TaskMember.providerTaskID]?.string { pairs.append(("provider's id", id)) }
        if let attempts = gateway?[TaskMember.attempts]?.integer { pairs.append(("attempts", "\(attempts)")) }
        if let waiting = gateway?[TaskMember.waiting] { pairs += rows(waiting: waiting) }
        if let price = gateway?[TaskMember.price] { pairs += rows(price: price) }
        if let code = task.errorCode { pairs.append(("error", code)) }
        if let message = task.errorMessage { pairs.append(("message", message)) }
        for video in task.videos {
            let removal = task.isContentRemoved ? ", removed by retention" : ""
            pairs.append(("video", "\(video.bytes) bytes, \(video.contentType)\(removal)"))
            pairs.append(("sha256", video.sha256))
        }
        if let review = gateway?[TaskMember.review] { pairs += rows(review: review) }
        if let evidence = task.evidence { pairs += rows(of: evidence) }
        let width = pairs.map(\.0.count).max() ?? 0
        let lines = pairs.map {
            $0 + String(repeating: " ", count: width - $0.count + 2) + PrintableText.line($1)
        }
        return task.isUncertain ? lines + remedies(task.id) : lines
    }

    private static func rows(price: JSONValue) -> [(String, String)] {
        guard let amount = price[TaskMember.microdollars]?.integer,
            let state = price[TaskMember.state]?.string
        else { return [] }
        let earlier = price[TaskMember.earlierMicrodollars]?.integer
        let note = earlier.map { ", and $\(Dollars.text($0)) for earlier submissions" } ?? ""
        return [("price", "$\(Dollars.text(amount)) \(state)\(note)")]
    }

    private static func rows(review: JSONValue) -> [(String, String)] {
        guard let verdict = review[TaskMember.verdict]?.string else { return [] }
        return [("review", verdict + (review[TaskMember.note]?.string.map { ": \($0)" } ?? ""))]
    }

    /// Why a queued task is not sent, and when it is tried again.
    private static func rows(waiting: JSONValue) -> [(String, String)] {
        guard let code = waiting[TaskMember.code]?.string else { return [] }
        let message = waiting[TaskMember.message]?.string.map { ": \($0)" } ?? ""
        let next = waiting[TaskMember.next]?.integer.map { [("next try", timestamp($0))] } ?? []
        return [("waits", code + message)] + next
    }

    private static func rows(of evidence: EvidenceReport) -> [(String, String)] {
        let request = evidence.providerRequestID.map { [("provider's request", $0)] } ?? []
        return [
            ("sent", sending(evidence)), ("reply lost", timestamp(evidence.lost)), ("reply", reply(evidence)),
        ] + request
    }

    /// The ways to settle an uncertain task.
    private static func remedies(_ id: String) -> [String] {
        [
            "",
            "It may be running and billed, so it is not sent again by itself. Look for it in the provider's",
            "records, then settle it with one of these:",
            "  reelgate tasks adopt \(id) PROVIDER_TASK_ID",
            "      the provider has it: follow it to its end and keep its video",
            "  reelgate tasks dismiss \(id)",
            "      the provider never had it and never billed it: let it fail",
            "  reelgate tasks resubmit \(id)",
            "      send it again, although it may be billed twice",
        ]
    }
}
