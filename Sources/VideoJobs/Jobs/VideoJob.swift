import JSONText

/// A validated job, ready to be forwarded.
package struct VideoJob: Equatable, Sendable {
    /// The gateway's ID of the model, as sent by the client.
    package let model: String
    /// The body of the provider's request: the client's bytes unchanged but for the callback, unless the
    /// catalog maps the model's ID.
    package let payload: [UInt8]
    /// The catalog's estimated duration in seconds.
    package let estimatedSeconds: Int?
    /// The price of one submission by the catalog, in micro-dollars; `nil` if the catalog has none.
    package let price: Int64?
    /// The beginning of the prompt; `nil` if there is none.
    package let promptBeginning: PromptBeginning?
    /// The resolution that the job asks for or its model has by default; `nil` if neither is known.
    package let resolution: String?
    /// Where the end of the task is reported; never logged, because its query may contain a secret.
    package let callbackURL: String?
    /// What the client should know about a deprecated model; `nil` for another one.
    package let deprecation: String?
    /// Why the model accepts no new job; `nil` if it does.
    package internal(set) var retirement: JobIssue?

    package init(
        model: String, payload: [UInt8], estimatedSeconds: Int? = nil, price: Int64? = nil,
        promptBeginning: PromptBeginning? = nil, resolution: String? = nil, callbackURL: String? = nil,
        deprecation: String? = nil
    ) {
        self.model = model
        self.payload = payload
        self.estimatedSeconds = estimatedSeconds
        self.price = price
        self.promptBeginning = promptBeginning
        self.resolution = resolution
        self.callbackURL = callbackURL
        self.deprecation = deprecation
    }
}

extension VideoJob {
    /// The canonical JSON of the job with the gateway's ID of the model: equal for equivalent spellings.
    ///
    /// Exact for validated jobs, whose numbers are all integers.
    package var canonicalForm: [UInt8] {
        let limits = JSONLimits(bytes: .max)
        guard var members = (try? JSONValue(parsing: payload, limits: limits))?.object else { return payload }
        members["model"] = .string(model)
        if let callbackURL { members[CallbackParameter.name] = .string(callbackURL) }
        return JSONValue.object(members).canonicallySerialized()
    }
}

extension VideoJob {
    /// The prompt, read from the payload; `nil` if there is none.
    package var prompt: String? {
        (try? JSONValue(parsing: payload, limits: JSONLimits(bytes: .max)))?["prompt"]?.string
    }
}
