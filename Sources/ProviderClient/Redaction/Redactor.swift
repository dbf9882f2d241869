/// Sanitizes untrusted text for storage: one line of bounded length, without the API key and without URL
/// queries.
struct Redactor: Sendable {
    /// A secret in all of its forms.
    private struct Secret: Sendable {
        let forms: SecretForms
        let length: Int
    }

    /// The longest first: another one may be a part of it.
    private let secrets: [Secret]

    /// The minimum length of a secret to be removed from text; shorter ones could be ordinary words.
    private static let lengthMinInText = 4
    /// The minimum length of a secret to be searched for in links and IDs, where a match rejects the whole
    /// value.
    private static let lengthMinInNames = 16

    init(secrets: [String]) {
        self.secrets = secrets.sorted { $0.utf8.count > $1.utf8.count }.map {
            Secret(forms: SecretForms(Array($0.utf8)), length: $0.utf8.count)
        }
    }

    init(secret: String) { self.init(secrets: [secret]) }

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
    func containsKey(in text: String) -> Bool { containsKey(in: Array(text.utf8)) }

    /// Whether bytes contain the key in any form.
    func containsKey(in bytes: [UInt8]) -> Bool {
        secrets.contains {
            $0.length >= Self.lengthMinInNames && !$0.forms.ranges(in: bytes).isEmpty
        }
    }

    /// The most bytes of a form of the key.
    var formLengthMax: Int { secrets.map(\.forms.lengthMax).max() ?? 0 }

    private func withoutKey(_ text: String) -> String {
        // Searches bytes, not characters: a combining mark after the key would hide its last character.
        var bytes = Array(text.utf8)
        for secret in secrets where secret.length >= Self.lengthMinInText {
            var redacted: [UInt8] = []
            var next = 0
            for range in secret.forms.ranges(in: bytes) {
                redacted += bytes[next..<range.lowerBound] + Array("APIKey(…)".utf8)
                next = range.upperBound
            }
            bytes = redacted + bytes[next...]
        }
        return String(decoding: bytes, as: UTF8.self)
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
