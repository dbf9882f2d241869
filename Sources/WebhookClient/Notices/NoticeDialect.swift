/// How a receiver reads text: which characters of foreign words would do something there.
enum NoticeDialect: Equatable, Sendable {
    case plain, slack, discord

    /// An invisible character after which a word is no longer recognised.
    private static let separator: Character = "\u{200B}"

    /// The dialect of a host, whatever the template is.
    init(ofHost host: String) {
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        func isIn(_ domain: String) -> Bool { name == domain || name.hasSuffix("." + domain) }
        if isIn("slack.com") || isIn("slack-gov.com") {
            self = .slack
        } else if isIn("discord.com") || isIn("discordapp.com") {
            self = .discord
        } else {
            self = .plain
        }
    }

    /// Returns the gateway's own words for the receiver.
    func own(_ text: String) -> String { self == .slack ? Self.entities(text) : text }

    /// Returns foreign words, such as a prompt, without the power to mention anybody, to link or to format.
    func foreign(_ text: String) -> String {
        switch self {
        case .plain: text
        case .slack: Self.entities(Self.separated(text))
        case .discord: text.reduce(into: "") { $0 += Self.isMarkup($1) ? "\\\($1)" : "\($1)" }
        }
    }

    /// Slack's control characters, which it wants as entities.
    private static func entities(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// Slack finds names, addresses and domains in text by itself, and has no escape for its markup.
    private static func separated(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            result.append(character)
            if "@#:/.*_~`".contains(character) { result.append(separator) }
        }
    }

    /// ASCII punctuation, each of which Discord takes literally after a backslash.
    private static func isMarkup(_ character: Character) -> Bool { "\\*_~`|<>@#[]():-".contains(character) }
}
