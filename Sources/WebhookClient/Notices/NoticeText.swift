/// A text of the gateway's own words and of foreign ones.
struct NoticeText: Equatable, Sendable {
    private enum Piece: Equatable, Sendable {
        case own(String)
        case foreign(String)

        var text: String {
            switch self {
            case .own(let text), .foreign(let text): text
            }
        }
    }

    /// Of foreign words: a character may consist of any number of them.
    private static let scalarsMax = 1_000

    private var pieces: [Piece] = []

    static func own(_ text: String) -> NoticeText { NoticeText(pieces: [.own(text)]) }

    /// The words of a client or of the provider, on one line.
    static func foreign(_ text: String?) -> NoticeText {
        guard let text else { return NoticeText() }
        let line = String(text.unicodeScalars.prefix(scalarsMax)).map {
            $0.isWhitespace || $0.isNewline || $0.isControl ? " " : $0
        }
        return NoticeText(pieces: [.foreign(String(line))])
    }

    var isEmpty: Bool { pieces.allSatisfy(\.text.isEmpty) }

    static func + (one: NoticeText, other: NoticeText) -> NoticeText {
        NoticeText(pieces: one.pieces + other.pieces)
    }

    static func + (one: NoticeText, other: String) -> NoticeText { one + .own(other) }

    /// Returns at most so many characters of the text, the last of them an ellipsis if it is longer.
    func prefix(_ lengthMax: Int) -> NoticeText {
        var left = lengthMax
        var result = NoticeText()
        let isCut = pieces.reduce(0) { $0 + $1.text.count } > lengthMax
        if isCut { left -= 1 }
        for piece in pieces where left > 0 {
            let text = String(piece.text.prefix(left))
            left -= text.count
            switch piece {
            case .own: result.pieces.append(.own(text))
            case .foreign: result.pieces.append(.foreign(text))
            }
        }
        return isCut ? result + "…" : result
    }

    /// Returns the beginning of the text for a receiver.
    func text(lengthMax: Int, in dialect: NoticeDialect) -> String {
        prefix(lengthMax).pieces.map { piece in
            switch piece {
            case .own(let text): dialect.own(text)
            case .foreign(let text): dialect.foreign(text)
            }
        }.joined()
    }
}

extension Character {
    fileprivate var isControl: Bool {
        unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
    }
}
