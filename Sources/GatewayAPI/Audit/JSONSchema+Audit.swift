import Gateway
import GatewayProtocol
import JSONText

extension JSONSchema {
    /// A record of the audit.
    static var auditRecord: JSONSchema {
        object([
            .required(AuditMember.object, const("audit_record")), .required(AuditMember.id, integer),
            .required(AuditMember.at, seconds), .required(AuditMember.actor, string),
            .required(AuditMember.requestID, string.orNull),
            .required(AuditMember.action, choice(AuditAction.self)),
            .required(AuditMember.decision, string), .required(AuditMember.client, string.orNull),
            .required(AuditMember.task, string.orNull),
            .required(AuditMember.price, object([.required(AuditMember.microdollars, microdollars)]).orNull),
            .required(AuditMember.detail, string.orNull), .optional(AuditMember.prompt, string),
        ])
    }
}
