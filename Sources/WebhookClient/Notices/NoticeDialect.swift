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
        case .slack: Self.entities(Self.separated(text, after: "@#:/.*_~`"))
        case .discord: Self.separated(Self.escaped(text), after: "/.")
        }
    }

    /// Slack's control characters, which it wants as entities.
    private static func entities(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// Both find domains in text by themselves, Slack also names and addresses; it has no escape for its
    /// markup.
    private static func separated(_ text: String, after characters: String) -> String {
        text.reduce(into: "") { result, character in
            result.append(character)
            if characters.contains(character) { result.append(separator) }
        }
    }

    /// Discord takes ASCII punctuation literally after a backslash.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if "\\*_~`|<>@#[]():-".contains(character) { result.append("\\") }
            result.append(character)
        }
    }
}
