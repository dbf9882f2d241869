/// Sanitizes untrusted text for storage: one line of bounded length, without the API key and without URL
/// queries.
struct Redactor: Sendable {
    private let forms: SecretForms
    private let length: Int

    /// The minimum length of a secret to be removed from text; shorter ones could be ordinary words.
    private static let lengthMinInText = 4
    /// The minimum length of a secret to be searched for in links and IDs, where a match rejects the whole
    /// value.
    private static let lengthMinInNames = 16

    init(secret: String) {
        forms = SecretForms(Array(secret.utf8))
        length = secret.utf8.count
    }

    /// Returns the text as one line without the key and queries, of at most `limit` characters.
    func clean(_ text: String, limit: Int = 500) -> String {
        // The order matters: control characters, key, length. In any other order a part of the key could
        // remain.
        let line = URLRedaction.withoutQueries(withoutKey(Self.oneLine(text)))
        let scalars = line.unicodeScalars
        guard scalars.count > limit else { return line }
        return String(scalars.prefix(limit)) + "…"
    }

    /// Whether a link or ID contains the key in any form.
    func containsKey(in text: String) -> Bool {
        guard length >= Self.lengthMinInNames else { return false }
        return !forms.ranges(in: Array(text.utf8)).isEmpty
    }

    private func withoutKey(_ text: String) -> String {
        guard length >= Self.lengthMinInText else { return text }
        // Searches bytes, not characters: a combining mark after the key would hide its last character.
        let bytes = Array(text.utf8)
        var redacted: [UInt8] = []
        var next = 0
        for range in forms.ranges(in: bytes) {
            redacted += bytes[next..<range.lowerBound] + Array("APIKey(…)".utf8)
            next = range.upperBound
        }
        return String(decoding: redacted + bytes[next...], as: UTF8.self)
    }

    private static func oneLine(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: scalars.append(" ")
            case .format: continue
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
