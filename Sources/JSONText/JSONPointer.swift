/// A JSON Pointer (RFC 6901) to a value inside a JSON value: `""` is the root, `/errors/0/code` a nested
/// member.
package struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    /// Member names and indexes from the root, unescaped.
    package let tokens: [String]

    /// The pointer to the root value.
    package static let root = JSONPointer(tokens: [])

    package init(tokens: [String]) { self.tokens = tokens }

    /// Parses the text of a pointer; returns `nil` for invalid syntax.
    package init?(parsing text: String) {
        guard !text.isEmpty else {
            self = .root
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        var tokens: [String] = []
        for escaped in text.unicodeScalars.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        {
            guard let token = Self.unescaped(String(String.UnicodeScalarView(escaped))) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    /// The escaped text: `~` as `~0`, `/` as `~1`.
    package var description: String {
        var text = ""
        for token in tokens {
            text += "/"
            for scalar in token.unicodeScalars {
                switch scalar {
                case "~": text += "~0"
                case "/": text += "~1"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
        return text
    }

    package func appending(_ name: String) -> JSONPointer { JSONPointer(tokens: tokens + [name]) }
    package func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    /// RFC 6901 §4: decoding from left to right makes `~01` the text `~1`.
    private static func unescaped(_ token: String) -> String? {
        var text = String.UnicodeScalarView()
        var scalars = token.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "~" else {
                text.append(scalar)
                continue
            }
            switch scalars.next() {
            case "0": text.append("~")
            case "1": text.append("/")
            default: return nil
            }
        }
        return String(text)
    }
}

extension JSONValue {
    /// Returns the value at a pointer, or `nil`.
    package func value(at pointer: JSONPointer) -> JSONValue? {
        var value = self
        for token in pointer.tokens {
            guard let next = value.child(token) else { return nil }
            value = next
        }
        return value
    }

    private func child(_ token: String) -> JSONValue? {
        switch self {
        case .object(let object): return object[token]
        case .array(let elements):
            // RFC 6901 §4: digits without a leading zero; `-` is the nonexistent element after the last.
            guard let index = Int(token), String(index) == token, elements.indices.contains(index) else {
                return nil
            }
            return elements[index]
        case .null, .bool, .integer, .real, .string: return nil
        }
    }
}
