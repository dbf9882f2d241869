package import HTTPFetching
package import JSONText
package import VideoJobs

/// Reads the provider's task object in all of its known shapes. Everything read is bounded and free of our
/// key.
package struct ReportReader: Sendable {
    private static let usageLongest = 4096
    private static let estimateLongest: Int64 = 7 * 86_400

    private static let receivedLongest = 300

    private let redactor: Redactor
    private let base: WebURL?
    private let vocabulary: ProviderVocabulary

    /// - Parameter base: what relative result links are resolved against.
    package init(key: APIKey, base: WebURL? = nil, vocabulary: ProviderVocabulary = .standard) {
        self.redactor = key.redactor
        self.base = base
        self.vocabulary = vocabulary
    }

    /// The report in a task object. One without a status word is of an unknown word, which is empty.
    package func report(_ task: JSONObject) -> ProviderReport {
        report(task, status: ProviderReply.status(of: task).map(parseStatus) ?? .unknown(""))
    }

    /// The report in the answer to a create, which may leave the status out.
    func firstReport(_ task: JSONObject) -> ProviderReport {
        report(task, status: ProviderReply.status(of: task).map(parseStatus) ?? .pending)
    }

    /// The beginning of a task object as it came, for a person.
    func received(_ task: JSONObject) -> String {
        let text = String(decoding: JSONValue.object(task).serialized().prefix(4096), as: UTF8.self)
        return redactor.clean(text, limit: Self.receivedLongest)
    }

    private func report(_ task: JSONObject, status: ProviderReport.Status) -> ProviderReport {
        let links = ResultLinks(task, base: base)
        var report = ProviderReport(
            status, progress: task["progress"].flatMap(progress),
            links: links.usable.filter { !redactor.isNamed(in: $0) },
            failure: failure(of: task, status: status),
            estimatedSeconds: task["task_info"]?["estimated_time"].flatMap(estimate),
            usage: task["usage"].flatMap(usage))
        report.unusableLink = links.unusable.map { redactor.clean($0, limit: 100) }
        if report.links.count < links.usable.count { report.unusableLink = "the result link holds our key" }
        return report
    }

    private func parseStatus(_ text: String) -> ProviderReport.Status {
        vocabulary.status(text) ?? .unknown(redactor.clean(text, limit: 64))
    }

    private func progress(_ value: JSONValue) -> Int? {
        if let number = value.integer { return Int(min(max(number, 0), 100)) }
        if let text = value.string {
            return Int(text.prefix { $0.isASCII && $0.isNumber }).map { min($0, 100) }
        }
        guard case .real(let number) = value, number.isFinite else { return nil }
        return Int(min(max(number, 0), 100))
    }

    private func estimate(_ value: JSONValue) -> Int? {
        if let number = value.integer { return Int(min(max(number, 0), Self.estimateLongest)) }
        guard case .real(let number) = value, number.isFinite else { return nil }
        return Int(min(max(number.rounded(.up), 0), Double(Self.estimateLongest)))
    }

    /// `error`, under any of its names, as an object or a bare string. A failed task has a failure even if it
    /// does not say why; in any other an empty error is none.
    private func failure(of task: JSONObject, status: ProviderReport.Status) -> FailureReason? {
        let error = Self.reasonNames.lazy.compactMap { task[$0] }.first(where: Self.saysSomething) ?? .null
        let code = error["code"].flatMap(ProviderErrorShape.word) ?? error["type"]?.string ?? ""
        var message = error.string ?? error["message"]?.string ?? ""
        if message.isEmpty, error.object != nil { message = ProviderMessage.said(in: error) }
        if message.isEmpty, code.isEmpty {
            guard status == .failed || status == .cancelled else { return nil }
            message = ProviderMessage.said(in: .object(task))
            if status == .cancelled, message.isEmpty { return nil }
        }
        return FailureReason(
            code: redactor.clean(code.isEmpty ? "unknown_error" : code, limit: 64),
            message: redactor.clean(message.isEmpty ? "The provider gave no reason." : message))
    }

    /// Under which names a task says why it failed.
    private static let reasonNames = [
        "error", "failure", "fail_reason", "failure_reason", "failReason", "failureReason",
    ]

    private static func saysSomething(_ value: JSONValue) -> Bool {
        value.string.map { !$0.isEmpty } ?? (value.object?.members.isEmpty == false)
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
