package import JSONText

/// One violation of a model's rules: its location, its kind, and the accepted values.
package struct JobIssue: Equatable, Sendable {
    /// JSON Pointer (RFC 6901) to the member; for a missing member, to its expected location.
    package var pointer: String
    /// The contract's code: `required`, `unknown_field`, `not_for_this_variant`, `wrong_type`, `not_allowed`,
    /// `out_of_range`, `too_few`, `too_many`, `too_long`, `empty`, `not_a_url`, `not_allowed_together`,
    /// `model_retired`.
    package var code: String
    package var message: String
    /// The accepted values, if they can be listed.
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
