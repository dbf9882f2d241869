/// Removal of queries, fragments and user information from URLs in a text.
enum URLRedaction {
    private static let separators = Set<Unicode.Scalar>("\"'<>()`|\u{FFFD}".unicodeScalars)

    /// Returns the text with each query or fragment replaced by `?…`.
    static func withoutQueries(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { "?#@%".unicodeScalars.contains($0) }) else {
            return text
        }
        var result = String.UnicodeScalarView()
        var token = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace || separators.contains(scalar) {
                result += cutEncoded(cut(token))
                result.append(scalar)
                token = String.UnicodeScalarView()
            } else {
                token.append(scalar)
            }
        }
        return String(result + cutEncoded(cut(token)))
    }

    private static func cut(_ token: String.UnicodeScalarView) -> String.UnicodeScalarView {
        let text = String(token)
        // JSON may escape `://` as `:\/\/`.
        let isURL = text.contains("://") || text.contains(":\\/\\/")
        let marks: Set<Unicode.Scalar> = isURL ? ["?", "#"] : ["?"]
        let named = isURL ? withoutUserInfo(token) : token
        guard let mark = named.firstIndex(where: marks.contains), named.index(after: mark) != named.endIndex
        else { return named }
        let hasPath = named[..<mark].contains("/") || named[mark...].contains("=")
        guard isURL || hasPath else { return named }
        return String.UnicodeScalarView(named[..<mark]) + "?…".unicodeScalars
    }

    /// Cuts a URL that is percent-encoded once or twice: `https%3A%2F%2Fhost%2Fv%3Ftoken%3D1`.
    private static func cutEncoded(_ token: String.UnicodeScalarView) -> String.UnicodeScalarView {
        let text = String(token)
        for percent in ["%", "%25"] {
            let lower = text.lowercased()
            guard lower.utf8.count == text.utf8.count,
                let scheme = lower.firstRange(of: "\(percent)3a\(percent)2f\(percent)2f")
            else { continue }
            let rest = lower[scheme.upperBound...]
            let marks = ["3f", "23"].compactMap { rest.firstRange(of: percent + $0)?.lowerBound }
            guard let mark = marks.min() else { continue }
            let kept = text.utf8.prefix(lower.utf8.distance(from: lower.startIndex, to: mark))
            return (String(Substring(kept)) + "?…").unicodeScalars
        }
        return token
    }

    /// Removes `user:password@` before the host.
    private static func withoutUserInfo(_ token: String.UnicodeScalarView) -> String.UnicodeScalarView {
        var text = String(token)
        guard let start = text.firstRange(of: "://")?.upperBound else { return token }
        let authority = text[start...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@") else { return token }
        text.removeSubrange(start...at)
        return text.unicodeScalars
    }
}
