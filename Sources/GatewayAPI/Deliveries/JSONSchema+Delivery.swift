import Gateway
import GatewayProtocol
import JSONText

extension JSONSchema {
    /// A webhook or a notice about the end of a task.
    static var delivery: JSONSchema {
        object([
            .required(DeliveryMember.object, const("delivery")), .required(DeliveryMember.id, string),
            .required(DeliveryMember.kind, choice(["webhook", "notice"])),
            .required(DeliveryMember.type, string), .optional(DeliveryMember.template, string),
            .optional(DeliveryMember.urlFile, string),
            .required(DeliveryMember.state, choice(DeliveryState.self)),
            .required(DeliveryMember.created, seconds), .required(DeliveryMember.next, seconds.orNull),
            .required(DeliveryMember.attempts, array(attempt)),
        ])
    }

    private static var attempt: JSONSchema {
        object([
            .required(DeliveryMember.number, count), .required(DeliveryMember.at, seconds),
            .required(DeliveryMember.status, count.orNull), .required(DeliveryMember.milliseconds, count),
            .required(DeliveryMember.error, string.orNull),
        ])
    }
}
