import JSONText

/// The part of a request that an issue is about.
package enum IssueLocation: Equatable, Sendable {
    /// A JSON Pointer into the body (RFC 6901).
    case pointer(String)
    case queryParameter(String)
    case header(String)
    case none

    /// The location as a parameter's name: `duration`, `reference_image_urls[0]`.
    var parameterName: String? {
        switch self {
        case .queryParameter(let name), .header(let name): name
        case .pointer(let text): JSONPointer(parsing: text).flatMap(Self.name)
        case .none: nil
        }
    }

    private static func name(_ pointer: JSONPointer) -> String? {
        guard let first = pointer.tokens.first else { return nil }
        return pointer.tokens.dropFirst().reduce(first) { name, token in
            Int(token) == nil ? "\(name).\(token)" : "\(name)[\(token)]"
        }
    }
}
