package import JSONText

/// A request that kept every rule of its model, ready to be forwarded.
package struct VideoJob: Equatable, Sendable {
    /// Our id of the model, as the client named it.
    package let model: String
    /// What the provider gets: the client's bytes as they came, unless the catalog maps the model's id.
    package let payload: [UInt8]
    /// Seconds that the catalog expects such a job to take, if it says so.
    package let estimatedSeconds: Int?

    package init(model: String, payload: [UInt8], estimatedSeconds: Int? = nil) {
        self.model = model
        self.payload = payload
        self.estimatedSeconds = estimatedSeconds
    }
}

extension VideoJob {
    /// The job with our id of the model, in the one text that all spellings of it have in common.
    ///
    /// Exact for jobs that kept their rules: those have no number that is not an integer.
    package var canonicalForm: [UInt8] {
        let limits = JSONLimits(bytes: .max)
        guard var members = (try? JSONValue(parsing: payload, limits: limits))?.object else { return payload }
        members["model"] = .string(model)
        return JSONValue.object(members).canonicallySerialized()
    }
}

/// One broken rule: where, which, and what would be right.
package struct JobIssue: Equatable, Sendable {
    /// JSON Pointer (RFC 6901) to the member; for a missing one, to where it belongs.
    package var pointer: String
    /// The contract's word: `required`, `unknown_field`, `not_for_this_variant`, `wrong_type`, `not_allowed`,
    /// `out_of_range`, `too_few`, `too_many`, `too_long`, `empty`, `not_a_url`, `not_allowed_together`.
    package var code: String
    package var message: String
    /// What would be accepted, if that can be listed.
    package var allowed: [JSONValue]?
    package var hint: String?

    package init(
        pointer: String, code: String, message: String, allowed: [JSONValue]? = nil, hint: String? = nil
    ) {
        self.pointer = pointer
        self.code = code
        self.message = message
        self.allowed = allowed
        self.hint = hint
    }
}

/// Why a request is no job.
package enum JobValidationError: Error, Equatable, Sendable {
    /// 400 `malformed_json`.
    case malformed(JSONError)
    /// 422 `unknown_model`, with the nearest known id if there is one. Carries the fault for `/model`.
    case unknownModel(JobIssue)
    /// 422 `invalid_parameters`: every fault, in the order of the request's members, missing ones last.
    case invalid([JobIssue])
}
