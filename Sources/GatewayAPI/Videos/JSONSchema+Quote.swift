import GatewayProtocol
import JSONText

extension JSONSchema {
    /// What a job would cost.
    static var quote: JSONSchema {
        object([
            .required(QuoteMember.object, const("quote")),
            .required(QuoteMember.price, object([.required(QuoteMember.microdollars, microdollars)]).orNull),
            .required(QuoteMember.budget, quotedBudget),
            .required(QuoteMember.queuePosition, count.orNull),
            .required(QuoteMember.estimatedTime, count.orNull.described("seconds")),
            .required(QuoteMember.errors, array(ref(.issue))),
        ])
    }

    /// The body of a quote.
    static var quotedJob: JSONSchema {
        anyOf([ref(.job), ref(.value)])
            .described("a job, also an invalid one: the response lists its issues")
    }

    /// Any value that the JSON parser accepts: without NUL.
    static var value: JSONSchema {
        let text = string.with("pattern", .string(Self.withoutNUL))
        return anyOf([
            null, boolean, JSONSchema(["type": "number"]), text, array(ref(.value)),
            object.with("propertyNames", text.json).with("additionalProperties", ref(.value).json),
        ])
    }

    private static let withoutNUL = #"^[^\u0000]*$"#

    private static var quotedBudget: JSONSchema {
        object([
            .required(QuoteMember.before, microdollars), .required(QuoteMember.after, microdollars),
            .required(QuoteMember.resets, seconds),
        ]).orNull
    }
}
