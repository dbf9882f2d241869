package import HTTPFetching
package import JSONText
package import VideoJobs

/// A reader of the provider's task object in all of its known formats. All results are bounded and free of
/// the API key.
package struct ReportReader: Sendable {
    private static let usageLengthMax = 4096
    private static let estimateMax: Int64 = 7 * 86_400
    private static let excerptLengthMax = 300

    private let redactor: Redactor
    private let base: WebURL?
    private let vocabulary: ProviderVocabulary

    /// Creates a reader. Relative result links are resolved against `base`.
    package init(key: APIKey, base: WebURL? = nil, vocabulary: ProviderVocabulary = .standard) {
        self.redactor = key.redactor
        self.base = base
        self.vocabulary = vocabulary
    }

    /// Returns the report of a task object. A missing status is `.unknown("")`.
    package func report(_ task: JSONObject) -> ProviderReport {
        report(task, status: ProviderReply.status(of: task).map(parseStatus) ?? .unknown(""))
    }

    /// Returns the report of a reply to a create. A missing status is `.pending`.
    func firstReport(_ task: JSONObject) -> ProviderReport {
        report(task, status: ProviderReply.status(of: task).map(parseStatus) ?? .pending)
    }

    /// Returns the beginning of a task object, for diagnosis.
    func excerpt(of task: JSONObject) -> String {
        let text = String(decoding: JSONValue.object(task).serialized().prefix(4096), as: UTF8.self)
        return redactor.clean(text, limit: Self.excerptLengthMax)
    }

    private func report(_ task: JSONObject, status: ProviderReport.Status) -> ProviderReport {
        let links = ResultLinks(task, base: base)
        var report = ProviderReport(
            status, progress: task["progress"].flatMap(progress),
            links: links.usable.filter { !redactor.containsKey(in: $0) },
            failure: failure(of: task, status: status),
            estimatedSeconds: task["task_info"]?["estimated_time"].flatMap(estimate),
            usage: task["usage"].flatMap(usage))
        report.unusableLink = links.unusable.map { redactor.clean($0, limit: 100) }
        if report.links.count < links.usable.count {
            report.unusableLink = "the result link contains the API key"
        }
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
        if let number = value.integer { return Int(min(max(number, 0), Self.estimateMax)) }
        guard case .real(let number) = value, number.isFinite else { return nil }
        return Int(min(max(number.rounded(.up), 0), Double(Self.estimateMax)))
    }

    /// Returns the failure of a task: `error` under any of its names, as an object or a string. A failed task
    /// always has a failure; in any other task an empty error is ignored.
    private func failure(of task: JSONObject, status: ProviderReport.Status) -> FailureReason? {
        let error = Self.reasonNames.lazy.compactMap { task[$0] }.first(where: Self.isNotEmpty) ?? .null
        let code = error["code"].flatMap(ProviderErrorShape.codeText) ?? error["type"]?.string ?? ""
        var message = error.string ?? error["message"]?.string ?? ""
        if message.isEmpty, error.object != nil { message = ProviderMessage.message(in: error) }
        if message.isEmpty, code.isEmpty {
            guard status == .failed || status == .cancelled else { return nil }
            message = ProviderMessage.message(in: .object(task))
            if status == .cancelled, message.isEmpty { return nil }
        }
        return FailureReason(
            code: redactor.clean(code.isEmpty ? "unknown_error" : code, limit: 64),
            message: redactor.clean(message.isEmpty ? "The provider gave no reason." : message))
    }

    /// The members that may contain the reason of a failure.
    private static let reasonNames = [
        "error", "failure", "fail_reason", "failure_reason", "failReason", "failureReason",
    ]

    private static func isNotEmpty(_ value: JSONValue) -> Bool {
        value.string.map { !$0.isEmpty } ?? (value.object?.members.isEmpty == false)
    }

    private func usage(_ value: JSONValue) -> String? {
        guard value.object != nil else { return nil }
        let text = String(decoding: redacted(value).serialized(), as: UTF8.self)
        return text.utf8.count <= Self.usageLengthMax ? text : nil
    }

    /// Returns the value with the API key removed from its strings and names.
    private func redacted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .real: value
        case .string(let text): .string(redactor.clean(text, limit: Self.usageLengthMax))
        case .array(let elements): .array(elements.map(redacted))
        case .object(let object):
            .object(
                JSONObject(
                    object.members.map {
                        JSONObject.Member(
                            redactor.clean($0.name, limit: Self.usageLengthMax), redacted($0.value))
                    }))
        }
    }
}
