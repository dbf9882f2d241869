package import HTTPFetching
package import JSONText
package import VideoJobs

/// Reads the provider's task object in all of its known shapes. Everything read is bounded and free of our
/// key.
package struct ReportReader: Sendable {
    private static let usageLongest = 4096
    private static let estimateLongest: Int64 = 7 * 86_400

    private let redactor: Redactor
    private let base: WebURL?

    /// - Parameter base: what relative result links are resolved against.
    package init(key: APIKey, base: WebURL? = nil) {
        self.redactor = key.redactor
        self.base = base
    }

    /// The report in a task object; `nil` if it is none, which its missing `status` shows.
    package func report(_ answer: JSONValue) -> ProviderReport? {
        guard let task = answer.object, let status = task["status"]?.string else { return nil }
        return report(task, word: word(status))
    }

    /// The report in the answer to a create, which may leave the status out.
    func firstReport(_ answer: JSONValue) -> ProviderReport {
        report(answer.object ?? [:], word: answer["status"]?.string.map(word) ?? .pending)
    }

    private func report(_ task: JSONObject, word: ProviderReport.Word) -> ProviderReport {
        let links = ResultLinks(task, base: base)
        var report = ProviderReport(
            word, progress: task["progress"].flatMap(progress),
            links: links.usable.filter { !redactor.isNamed(in: $0) },
            failure: failure(task["error"], word: word),
            estimatedSeconds: task["task_info"]?["estimated_time"].flatMap(estimate),
            usage: task["usage"].flatMap(usage))
        report.unusableLink = links.unusable.map { redactor.clean($0, limit: 100) }
        if report.links.count < links.usable.count { report.unusableLink = "the result link holds our key" }
        return report
    }

    private func word(_ status: String) -> ProviderReport.Word {
        switch status {
        case "pending": .pending
        case "processing": .processing
        case "completed": .completed
        case "failed": .failed
        case "cancelled": .cancelled
        default: .unknown(redactor.clean(status, limit: 64))
        }
    }

    private func progress(_ value: JSONValue) -> Int? {
        if let number = value.integer { return Int(min(max(number, 0), 100)) }
        guard case .real(let number) = value, number.isFinite else { return nil }
        return Int(min(max(number, 0), 100))
    }

    private func estimate(_ value: JSONValue) -> Int? {
        if let number = value.integer { return Int(min(max(number, 0), Self.estimateLongest)) }
        guard case .real(let number) = value, number.isFinite else { return nil }
        return Int(min(max(number.rounded(.up), 0), Double(Self.estimateLongest)))
    }

    /// `error` as an object, as a bare string, or missing although the task failed.
    private func failure(_ error: JSONValue?, word: ProviderReport.Word) -> TaskFailure? {
        if let text = error?.string {
            return TaskFailure(code: "unknown_error", message: redactor.clean(text))
        }
        if let error, error.object != nil {
            let code = (error["code"].flatMap(ProviderErrorShape.word) ?? error["type"]?.string)
            return TaskFailure(
                code: redactor.clean(code ?? "unknown_error", limit: 64),
                message: redactor.clean(error["message"]?.string ?? "The provider gave no reason."))
        }
        guard word == .failed else { return nil }
        return TaskFailure(code: "unknown_error", message: "The provider gave no reason.")
    }

    private func usage(_ value: JSONValue) -> String? {
        guard value.object != nil else { return nil }
        let text = String(decoding: redacted(value).serialized(), as: UTF8.self)
        return text.utf8.count <= Self.usageLongest ? text : nil
    }

    /// The same value with our key taken out of its strings and names.
    private func redacted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .real: value
        case .string(let text): .string(redactor.clean(text, limit: Self.usageLongest))
        case .array(let elements): .array(elements.map(redacted))
        case .object(let object):
            .object(
                JSONObject(
                    object.members.map {
                        JSONObject.Member(
                            redactor.clean($0.name, limit: Self.usageLongest), redacted($0.value))
                    }))
        }
    }
}
