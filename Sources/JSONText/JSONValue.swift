/// A JSON value (RFC 8259). Objects preserve the order of their members.
package indirect enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// A number whose value is a 64-bit integer in any spelling: `8`, `8.0`, `80e-1`.
    case integer(Int64)
    /// Any other number, as the nearest `Double`.
    case real(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member($0.0, $0.1) }))
    }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(nilLiteral: ()) { self = .null }
}

extension JSONValue {
    /// The members, if this is an object.
    package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    /// The elements, if this is an array.
    package var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The string, if this is one.
    package var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The integer, if this is one.
    package var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    /// The boolean, if this is one.
    package var bool: Bool? { if case .bool(let truth) = self { truth } else { nil } }
    /// The member's value, if this is an object with that member.
    package subscript(name: String) -> JSONValue? { object?[name] }
}
