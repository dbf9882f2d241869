/// Header or trailer fields (RFC 9110 §5) in order, kept as the bytes that stand on the wire.
///
/// The storage is `Name: value\r\n…`, so that writing a response's fields is one copy, and reading a request's makes no
/// string until one is asked for.
package struct HTTPFields: Equatable, Sendable {
    package init() {}

    /// Appends a field. Name and value must be valid (RFC 9110 §5.1, §5.5): ours are, and theirs were parsed.
    package mutating func append(_ name: String, _ value: String) {}

    /// The value of the only or first field of this name (compared without case); `nil` if there is none.
    package subscript(name: String) -> String? { nil }

    /// All values of this name, in order.
    package func values(_ name: String) -> [String] { [] }
}
