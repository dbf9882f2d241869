import Gateway
import GatewayProtocol
import JSONText

// Clients in responses.
extension JSONSchema {
    /// A client, with its token in the response that issues it.
    static var client: JSONSchema {
        object([
            .required(ClientMember.object, const("client")), .required(ClientMember.name, string),
            .required(ClientMember.role, choice(ClientRole.self)),
            .required(ClientMember.models, array(string).orNull),
            .required(ClientMember.limits, ref(.clientLimits)), .required(ClientMember.budget, budget.orNull),
            .required(ClientMember.weight, count), .required(ClientMember.created, seconds),
            .required(ClientMember.revoked, seconds.orNull), .required(ClientMember.tokens, array(token)),
            .optional(ClientMember.token, string.described("shown once")),
            .optional(ClientMember.warnings, array(string)),
        ])
    }

    private static var budget: JSONSchema {
        object([
            .required(ClientMember.usd, JSONSchema(["type": "number"])),
            .required(ClientMember.per, choice(ClientBudget.Period.self)),
            .required(ClientMember.microdollars, microdollars),
        ])
    }

    private static var token: JSONSchema {
        object([
            .required(ClientMember.issued, seconds), .required(ClientMember.expires, seconds.orNull),
        ])
    }

    static var session: JSONSchema {
        object([
            .required("object", const("session")), .required("client", string),
            .required("role", choice(ClientRole.self)), .required("expires", seconds),
        ])
    }
}

// Clients in requests.
extension JSONSchema {
    static var newClient: JSONSchema {
        closed([.required(ClientMember.name, clientName)] + changes)
    }
    static var clientChange: JSONSchema {
        closed(changes)
    }

    static var clientLimits: JSONSchema {
        closed([
            .optional(ClientMember.requestsPerMinute, limit), .optional(ClientMember.inFlight, limit),
            .optional(ClientMember.jobsPerDay, limit),
        ])
    }

    static var clientBudget: JSONSchema {
        closed([
            .required(ClientMember.microdollars, integer(0...Int(ClientBody.moneyMax))),
            .required(ClientMember.per, choice(ClientBudget.Period.self)),
        ]).described("by hand also with usd in place of microdollars, with at most six decimals")
    }

    static var tokenRotation: JSONSchema {
        closed([
            .optional(
                ClientMember.overlapSeconds,
                integer(0...Int(ClientsEndpoint.overlapSecondsMax))
                    .described("how long the earlier token stays valid"))
        ])
    }

    private static var changes: [SchemaMember] {
        [
            .optional(ClientMember.role, choice(ClientRole.self)),
            .optional(ClientMember.models, allowedModels),
            .optional(ClientMember.limits, ref(.clientLimits).orNull),
            .optional(ClientMember.budget, ref(.clientBudget).orNull),
            .optional(ClientMember.weight, integer(Client.weights)),
        ]
    }

    private static var clientName: JSONSchema {
        text(1...64, pattern: "^[a-z0-9][a-z0-9._-]*$")
            .with("not", ["enum": .array(Client.reservedNames.sorted().map { .string($0) })])
    }

    private static var allowedModels: JSONSchema {
        array(ref(.modelID)).with("minItems", 1).orNull.described("the models that it may use; null for all")
    }

    private static var limit: JSONSchema { integer(ClientBody.limits).orNull }
}
