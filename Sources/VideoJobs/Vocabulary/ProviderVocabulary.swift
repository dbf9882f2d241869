/// What the provider's words mean, however they are spelled: status words and quota codes.
///
/// Words are compared without case, white space, hyphens and underscores. Data of the catalog: a new word
/// needs no code.
package struct ProviderVocabulary: Equatable, Sendable {
    /// The five words of the contract in the order of its table.
    static let message: [(name: String, word: ProviderReport.Status)] = [
        ("pending", .pending), ("processing", .processing), ("completed", .completed), ("failed", .failed),
        ("cancelled", .cancelled),
    ]

    private var statuses: [String: ProviderReport.Status] = [:]
    private var quotaCodes: Set<String> = []

    /// What is built in; `Config/models.yaml` lists the same.
    package static let standard: ProviderVocabulary = {
        var vocabulary = ProviderVocabulary()
        for (name, word) in message { vocabulary.statuses[normalized(name)] = word }
        for (word, synonyms) in standardStatuses {
            for synonym in synonyms { vocabulary.statuses[normalized(synonym)] = word }
        }
        vocabulary.quotaCodes = Set(standardQuotaCodes.map(normalized))
        return vocabulary
    }()

    private init() {}

    /// The same vocabulary with further words; one that was known means what is said last.
    func adding(statuses: [String: ProviderReport.Status], quotaCodes: [String]) -> ProviderVocabulary {
        var vocabulary = self
        for (text, word) in statuses { vocabulary.statuses[Self.normalized(text)] = word }
        vocabulary.quotaCodes.formUnion(quotaCodes.map(Self.normalized))
        return vocabulary
    }

    /// The meaning of a status word; `nil` if it has none.
    package func status(_ text: String) -> ProviderReport.Status? {
        let word = Self.normalized(text)
        if let known = statuses[word] { return known }
        // `TASK_STATUS_SUCCEEDED`, as in enumerations of protocol buffers.
        for prefix in Self.prefixes where word.hasPrefix(prefix) {
            if let known = statuses[String(word.dropFirst(prefix.count))] { return known }
        }
        return failing(text)
    }

    /// The meaning of a text that begins with a word for a bad end: `Cancelled_By_User`, `failed: no frames`.
    private func failing(_ text: String) -> ProviderReport.Status? {
        let parts = Self.parts(of: text)
        // Such a task may still come to a good end.
        let isOpen = parts.contains { part in Self.openParts.contains { part.hasPrefix($0) } }
        guard !isOpen else { return nil }
        for count in (1...3).reversed() where count < parts.count {
            switch statuses[parts.prefix(count).joined()] {
            case .failed?: return .failed
            case .cancelled?: return .cancelled
            case .pending?, .processing?, .completed?, .unknown?, nil: continue
            }
        }
        return nil
    }

    private static let openParts = [
        "retr", "recover", "resum", "wait", "pend", "queue", "request", "running", "progress", "partial",
        "cancelling", "canceling", "not",
    ]

    /// Words between separators, or where a capital letter follows a small one.
    private static func parts(of text: String) -> [String] {
        var spaced = ""
        var isSmall = false
        for character in text.prefix(128) {
            if isSmall, character.isUppercase { spaced.append(" ") }
            isSmall = character.isLowercase
            spaced.append(character.isLetter || character.isNumber ? character : " ")
        }
        return spaced.lowercased().split(separator: " ").map(String.init)
    }

    /// Whether an error's code or type says that the account's quota, credit or balance is used up.
    package func isQuotaCode(_ text: String) -> Bool { quotaCodes.contains(Self.normalized(text)) }

    /// The form in which words are compared.
    package static func normalized(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter(isSignificant))).lowercased()
    }

    private static func isSignificant(_ scalar: Unicode.Scalar) -> Bool {
        let isMark = scalar == "-" || scalar == "_" || scalar == "." || scalar == "\u{FEFF}"
        return !isMark && !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
    }

    private static let prefixes = [
        "taskstatus", "taskstate", "jobstatus", "jobstate", "status", "state", "task", "job",
    ]

    private static let standardStatuses: [(ProviderReport.Status, [String])] = [
        (
            .pending,
            [
                "queued", "queueing", "queuing", "in_queue", "enqueued", "submitted", "submitting",
                "waiting", "created", "accepted", "scheduled", "received", "new", "initialized",
                "initializing", "preparing", "not_started", "not_start",
            ]
        ),
        (
            .processing,
            [
                "running", "in_progress", "generating", "rendering", "executing", "working", "active",
                "started", "starting", "ongoing", "doing",
            ]
        ),
        (
            .completed,
            [
                "complete", "succeeded", "succeed", "success", "successful", "done", "finished", "finish",
                "ready",
            ]
        ),
        (
            .failed,
            [
                "fail", "failure", "error", "errored", "rejected", "expired", "timeout", "timed_out",
                "blocked", "moderated", "content_moderated", "request_moderated",
            ]
        ),
        (
            .cancelled,
            ["canceled", "cancel", "cancelling", "canceling", "aborted", "stopped", "terminated", "revoked"]
        ),
    ]

    private static let standardQuotaCodes = [
        "insufficient_quota", "insufficient_user_quota", "quota_exceeded", "quota_exhausted",
        "exceeded_current_quota", "exceeded_current_quota_error", "pre_consume_token_quota_failed",
        "insufficient_balance", "balance_not_enough", "not_enough_balance", "account_overdue",
        "account_overdue_error", "arrearage", "insufficient_credits", "insufficient_credit",
        "not_enough_credits", "out_of_credits", "no_credits", "credits_exhausted", "insufficient_funds",
        "payment_required", "billing_hard_limit_reached", "billing_not_active",
    ]
}
