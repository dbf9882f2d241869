import GatewayProtocol
import JSONText

extension JSONValue {
    /// The value of a task's member.
    subscript(member: TaskMember) -> JSONValue? { self[member.rawValue] }

    /// The value of a problem's member.
    subscript(member: ProblemMember) -> JSONValue? { self[member.rawValue] }

    /// The value of a client's member.
    subscript(member: ClientMember) -> JSONValue? { self[member.rawValue] }

    /// The value of a member of a usage report.
    subscript(member: UsageMember) -> JSONValue? { self[member.rawValue] }

    /// The value of a member of an audit record.
    subscript(member: AuditMember) -> JSONValue? { self[member.rawValue] }

    /// The value of a delivery's member.
    subscript(member: DeliveryMember) -> JSONValue? { self[member.rawValue] }

    /// The value of a page's member.
    subscript(member: ListMember) -> JSONValue? { self[member.rawValue] }
}
