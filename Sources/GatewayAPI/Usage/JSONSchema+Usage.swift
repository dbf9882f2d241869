import Gateway
import GatewayProtocol
import JSONText

extension JSONSchema {
    /// A usage report.
    static var usage: JSONSchema {
        object([
            .required(UsageMember.object, const("usage")), .required(UsageMember.since, seconds),
            .required(UsageMember.by, choice(UsageGrouping.self)),
            .required(UsageMember.data, array(ref(.usageSum))), .required(UsageMember.total, ref(.usageSum)),
            .required(UsageMember.clients, array(clientUsage)), .optional(UsageMember.ceilings, ceilings),
        ])
    }

    /// A sum of a usage report.
    static var usageSum: JSONSchema {
        object([
            .optional(UsageMember.client, string), .optional(UsageMember.model, string),
            .optional(UsageMember.day, string.with("format", "date")), .required(UsageMember.jobs, count),
            .required(UsageMember.videos, count), .required(UsageMember.spent, microdollars),
            .required(UsageMember.reserved, microdollars), .required(UsageMember.held, microdollars),
            .required(UsageMember.accepted, count), .required(UsageMember.rejected, count),
            .required(UsageMember.spentPerAccepted, microdollars.orNull),
        ])
    }

    /// The spend ceiling of the day.
    static var dayCeiling: JSONSchema {
        object([
            .required(UsageMember.microdollars, microdollars), .required(UsageMember.counted, microdollars),
            .required(UsageMember.left, microdollars), .required(UsageMember.since, seconds),
            .required(UsageMember.resets, seconds),
        ])
    }

    private static var clientUsage: JSONSchema {
        object([
            .required(UsageMember.client, string), .required(UsageMember.budget, budgetUsage.orNull),
            .required(UsageMember.inFlight, limitUsage), .required(UsageMember.jobsPerDay, limitUsage),
            .required(UsageMember.requestsPerMinute, limitUsage),
        ])
    }

    private static var budgetUsage: JSONSchema {
        object([
            .required(UsageMember.microdollars, microdollars),
            .required(UsageMember.per, choice(ClientBudget.Period.self)),
            .required(UsageMember.spent, microdollars), .required(UsageMember.reserved, microdollars),
            .required(UsageMember.held, microdollars), .required(UsageMember.left, microdollars),
            .required(UsageMember.resets, seconds),
        ])
    }

    private static var limitUsage: JSONSchema {
        object([
            .required(UsageMember.limit, count.orNull), .optional(UsageMember.used, count),
            .optional(UsageMember.resets, seconds),
        ])
    }

    private static var ceilings: JSONSchema {
        object([
            .required(
                UsageMember.job, object([.required(UsageMember.microdollars, microdollars)]).orNull),
            .required(UsageMember.day, ref(.dayCeiling).orNull),
        ])
    }
}
