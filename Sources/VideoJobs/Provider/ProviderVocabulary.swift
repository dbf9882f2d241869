/// The meanings of the provider's status words and quota error codes, in any spelling.
///
/// Words are compared without case, white space, hyphens, underscores and dots. The vocabulary is data of the
/// catalog: a new word needs no code.
package struct ProviderVocabulary: Equatable, Sendable {
    /// The five statuses of the contract in the order of its table.
    static let contractStatuses: [(name: String, status: ProviderReport.Status)] = [
        ("pending", .pending), ("processing", .processing), ("completed", .completed), ("failed", .failed),
        ("cancelled", .cancelled),
    ]

    private var statuses: [String: ProviderReport.Status] = [:]
    private var quotaCodes: Set<String> = []

    /// The built-in vocabulary; `Config/models.yaml` lists the same.
    package static let standard: ProviderVocabulary = {
        var vocabulary = ProviderVocabulary()
        for (name, status) in contractStatuses { vocabulary.statuses[normalized(name)] = status }
        for (status, synonyms) in standardStatuses {
            for synonym in synonyms { vocabulary.statuses[normalized(synonym)] = status }
        }
        vocabulary.quotaCodes = Set(standardQuotaCodes.map(normalized))
        return vocabulary
    }()

    private init() {}

    /// Returns the vocabulary extended by further words. A known word gets the new meaning.
    func adding(statuses: [String: ProviderReport.Status], quotaCodes: [String]) -> ProviderVocabulary {
        var vocabulary = self
        for (text, status) in statuses { vocabulary.statuses[Self.normalized(text)] = status }
        vocabulary.quotaCodes.formUnion(quotaCodes.map(Self.normalized))
        return vocabulary
    }

    /// Returns the status that a text means; `nil` if it is unknown.
    package func status(_ text: String) -> ProviderReport.Status? {
        let word = Self.normalized(text)
        if let known = statuses[word] { return known }
        // `TASK_STATUS_SUCCEEDED`, as in Protocol Buffers enumerations.
        for prefix in Self.prefixes where word.hasPrefix(prefix) {
            if let known = statuses[String(word.dropFirst(prefix.count))] { return known }
        }
        return failureStatus(text)
    }

    /// Returns the status of a text that begins with a word for failure or cancellation: `Cancelled_By_User`,
    /// `failed: no frames`.
    private func failureStatus(_ text: String) -> ProviderReport.Status? {
        let parts = Self.parts(of: text)
        // Such a task may still succeed.
        let isUnfinished = parts.contains { part in Self.unfinishedPrefixes.contains { part.hasPrefix($0) } }
        guard !isUnfinished else { return nil }
        for count in (1...3).reversed() where count < parts.count {
            switch statuses[parts.prefix(count).joined()] {
            case .failed?: return .failed
            case .cancelled?: return .cancelled
            case .pending?, .processing?, .completed?, .unknown?, nil: continue
            }
        }
        return nil
    }

    private static let unfinishedPrefixes = [
        "retr", "recover", "resum", "wait", "pend", "queue", "request", "running", "progress", "partial",
        "cancelling", "canceling", "not",
    ]

    /// Splits a text at separators and where an upper-case letter follows a lower-case one.
    private static func parts(of text: String) -> [String] {
        var spaced = ""
        var isLower = false
        for character in text.prefix(128) {
            if isLower, character.isUppercase { spaced.append(" ") }
            isLower = character.isLowercase
            spaced.append(character.isLetter || character.isNumber ? character : " ")
        }
        return spaced.lowercased().split(separator: " ").map(String.init)
    }

    /// Whether an error's code or type means that the account's quota, credit or balance is exhausted.
    package func isQuotaCode(_ text: String) -> Bool { quotaCodes.contains(Self.normalized(text)) }

    /// Returns the form in which words are compared.
    package static func normalized(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter(isSignificant))).lowercased()
    }

    private static func isSignificant(_ scalar: Unicode.Scalar) -> Bool {
        let isMark = scalar == "-" || scalar == "_" || scalar == "." || scalar == "\u{FEFF}"
        return !isMark && !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
    }

    /// Prefixes that do not change the meaning of a status.
    private static let prefixes = [
        "taskstatus", "taskstate", "jobstatus", "jobstate", "status", "state", "task", "job",
    ]
}
