import JSONText

/// A call to the provider, as matched by rules.
struct ProviderCall: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case create, status, content, models
    }

    var kind: Kind
    var path: String
    /// The prompt of the job.
    var prompt: String?
    /// How long the link of a requested result still lives; `nil` for other calls.
    var linkLife: Duration?
    /// The body of a create; `nil` for other calls and for a body that is not JSON.
    var body: JSONValue?
}
