/// Makes text from outside fit to be kept: one line, bounded, without our key and without a URL's query.
struct Redactor: Sendable {
    private let forms: SecretForms
    private let length: Int

    /// Shorter secrets would blot out ordinary words, and are none.
    private static let shortestInText = 4
    /// In links and ids a hit costs the whole link or id, so only what can be no accident counts.
    private static let shortestInNames = 16

    init(secret: String) {
        forms = SecretForms(Array(secret.utf8))
        length = secret.utf8.count
    }

    /// One line without our key and without queries, of at most `limit` characters.
    func clean(_ text: String, limit: Int = 500) -> String {
        // First the controls, then the key, then the length: in another order a piece of the key could
        // remain.
        let line = URLRedaction.withoutQueries(withoutKey(Self.oneLine(text)))
        let scalars = line.unicodeScalars
        guard scalars.count > limit else { return line }
        return String(scalars.prefix(limit)) + "…"
    }

    /// Whether a link or id repeats our key in any form.
    func isNamed(in text: String) -> Bool {
        guard length >= Self.shortestInNames else { return false }
        return !forms.places(in: Array(text.utf8)).isEmpty
    }

    private func withoutKey(_ text: String) -> String {
        guard length >= Self.shortestInText else { return text }
        // Bytes, not characters: a combining mark after the key would hide its last character.
        let bytes = Array(text.utf8)
        var kept: [UInt8] = []
        var next = 0
        for place in forms.places(in: bytes) {
            kept += bytes[next..<place.lowerBound] + Array("APIKey(…)".utf8)
            next = place.upperBound
        }
        return String(decoding: kept + bytes[next...], as: UTF8.self)
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
