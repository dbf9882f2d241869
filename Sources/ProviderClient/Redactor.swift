/// Makes text from outside fit to be kept: one line, bounded, without our key and without a URL's query.
struct Redactor: Sendable {
    private let secret: [UInt8]

    /// Shorter secrets would blot out ordinary words, and are none.
    private static let shortestInText = 4
    /// In links and ids a hit costs the whole link or id, so only what can be no accident counts.
    private static let shortestInNames = 16

    init(secret: String) { self.secret = Array(secret.utf8) }

    /// One line without our key and without queries, of at most `limit` characters.
    func clean(_ text: String, limit: Int = 500) -> String {
        // First the controls, then the key, then the length: in another order a piece of the key could
        // remain.
        let line = URLRedaction.withoutQueries(withoutKey(Self.oneLine(text)))
        let scalars = line.unicodeScalars
        guard scalars.count > limit else { return line }
        return String(scalars.prefix(limit)) + "…"
    }

    /// Whether a link or id repeats our key, plain or percent-encoded.
    func isNamed(in text: String) -> Bool {
        guard secret.count >= Self.shortestInNames else { return false }
        return !places(in: Array(text.utf8)).isEmpty || !places(in: PercentCoding.decode(text)).isEmpty
    }

    private func withoutKey(_ text: String) -> String {
        guard secret.count >= Self.shortestInText else { return text }
        // Bytes, not characters: a combining mark after the key would hide its last character.
        let bytes = Array(text.utf8)
        var kept: [UInt8] = []
        var next = 0
        for place in places(in: bytes) {
            kept += bytes[next..<place] + Array("APIKey(…)".utf8)
            next = place + secret.count
        }
        return String(decoding: kept + bytes[next...], as: UTF8.self)
    }

    /// Where the key begins, without overlaps.
    private func places(in bytes: [UInt8]) -> [Int] {
        var found: [Int] = []
        var index = 0
        while index + secret.count <= bytes.count {
            if bytes[index] == secret[0], bytes[index..<(index + secret.count)].elementsEqual(secret) {
                found.append(index)
                index += secret.count
            } else {
                index += 1
            }
        }
        return found
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
