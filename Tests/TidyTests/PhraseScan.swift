/// Finds phrases in text that people read: comments, string literals, pages and scripts.
///
/// Compares lower-cased words, so a phrase also matches across a line end and its comment marker.
/// A `…` in a phrase matches up to four words.
struct PhraseScan {
    /// A phrase at a line counted from 0.
    struct Match: Equatable {
        var phrase: String
        var line: Int
    }

    private let phrases: [String: [[String]]]

    init(_ phrases: [String]) {
        self.phrases = Dictionary(
            grouping: phrases.map { $0.split(separator: " ").map(String.init) }, by: \.[0])
    }

    func matches(in text: String) -> [Match] {
        let words = Self.words(of: Array(text.utf8))
        return words.indices.flatMap { index in
            (phrases[words[index].text] ?? [])
                .filter { Self.matches($0[...], words[index...]) }
                .map { Match(phrase: $0.joined(separator: " "), line: words[index].line) }
        }
    }

    private static func matches(_ phrase: ArraySlice<String>, _ words: ArraySlice<Word>) -> Bool {
        guard let first = phrase.first else { return true }
        if first == "…" {
            return (0...4).contains { matches(phrase.dropFirst(), words.dropFirst($0)) }
        }
        return words.first?.text == first && matches(phrase.dropFirst(), words.dropFirst())
    }

    private struct Word {
        var text: String
        var line: Int
    }

    /// Splits text at everything but letters, digits, `_`, `-` and `'`. Other marks are words of their own,
    /// so that no phrase matches across a comma or a full stop; comment markers and spaces are dropped.
    private static func words(of text: [UInt8]) -> [Word] {
        var words: [Word] = []
        var current: [UInt8] = []
        var line = 0
        func flush() {
            guard !current.isEmpty else { return }
            words.append(Word(text: String(decoding: current, as: UTF8.self), line: line))
            current.removeAll(keepingCapacity: true)
        }
        for byte in text {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): current.append(byte | 0x20)
            case UInt8(ascii: "'"), UInt8(ascii: "-"): current.append(byte)
            case _ where Words.isWordLetter(byte) || byte >= 0x80: current.append(byte)
            default:
                flush()
                if byte == UInt8(ascii: "\n") { line += 1 }
                if !" \n/#*>".utf8.contains(byte) {
                    words.append(Word(text: String(decoding: [byte], as: UTF8.self), line: line))
                }
            }
        }
        flush()
        return words
    }
}
