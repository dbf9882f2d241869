/// The members of a JSON object in order. Names are unique, except in an object from `LenientJSON`, which
/// keeps duplicates with different values.
package struct JSONObject: Equatable, Sendable {
    /// A name and its value.
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

    /// The value of a member; setting it replaces or appends the member, and `nil` removes it.
    package subscript(name: String) -> JSONValue? {
        get { members.first { $0.name.isIdentical(to: name) }?.value }
        set {
            let index = members.firstIndex { $0.name.isIdentical(to: name) }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name, value))
            case (nil, nil): break
            }
        }
    }
}

extension JSONObject {
    /// Returns every value with a name; more than one only in an object from `LenientJSON`.
    package func values(named name: String) -> [JSONValue] {
        members.filter { $0.name.isIdentical(to: name) }.map(\.value)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { Member($0.0, $0.1) })
    }
}
