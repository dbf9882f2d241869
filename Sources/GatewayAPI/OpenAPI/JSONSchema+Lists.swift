import GatewayProtocol
import JSONText

extension JSONSchema {
    /// A page of a list.
    static func list(_ element: SchemaName) -> JSONSchema {
        .object(members(of: element))
    }

    /// A page of a list that names where the next one begins, or null after the last one.
    static func list(_ element: SchemaName, next: JSONSchema) -> JSONSchema {
        .object(members(of: element) + [.required(ListMember.next, next.orNull)])
    }

    private static func members(of element: SchemaName) -> [SchemaMember] {
        [
            .required(ListMember.object, .const("list")), .required(ListMember.data, .array(.ref(element))),
            .required(ListMember.hasMore, .boolean),
        ]
    }
}
