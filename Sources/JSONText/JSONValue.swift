/// One JSON value (RFC 8259), members in the order in which they came.
package indirect enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// A number whose value is an integer of 64 bits, however it is spelled: `8`, `8.0`, `80e-1`.
    case integer(Int64)
    /// Any other number, as the nearest `Double`.
    case real(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// The members of a JSON object, in order. Names are unique: the parser rejects duplicates, and only
/// `LenientJSON` keeps a name twice, where its values differ.
package struct JSONObject: Equatable, Sendable {
    /// A name and what stands under it.
    package struct Member: Equatable, Sendable {
        package var name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var members: [Member]

    package init(_ members: [Member] = []) { self.members = members }

    /// The value under a name; setting replaces in place or appends, and `nil` removes.
    package subscript(name: String) -> JSONValue? {
        get { members.first { $0.name.isIdentical(to: name) }?.value }
        set {
            let place = members.firstIndex { $0.name.isIdentical(to: name) }
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(name, value))
            case (nil, nil): break
            }
        }
    }
}

extension JSONObject {
    /// Every value under a name; more than one only in an object that was read leniently.
    package func values(named name: String) -> [JSONValue] {
        members.filter { $0.name.isIdentical(to: name) }.map(\.value)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { Member($0.0, $0.1) })
    }
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
    /// The text, if this is a string.
    package var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The number, if this is an integer.
    package var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    /// The truth, if this is a boolean.
    package var bool: Bool? { if case .bool(let truth) = self { truth } else { nil } }
    /// The member of this name, if this is an object that has it.
    package subscript(name: String) -> JSONValue? { object?[name] }
}

extension String {
    /// Whether both are the same bytes. `==` also takes U+212A KELVIN SIGN for the letter K; JSON does not.
    package func isIdentical(to other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
