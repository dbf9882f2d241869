/// The receivers whose format is built in; the raw values are those of `notify.template`.
package enum NoticePreset: String, CaseIterable, Sendable {
    /// Slack's incoming webhooks, and services that accept the same.
    case slack
    case discord
    /// A topic of ntfy, by its simplest request: text with a title.
    case ntfy

    /// The text of its template. Nobody is mentioned and no page is shown as a preview.
    var text: String {
        switch self {
        case .slack: #"{"text":"{{text}}","mrkdwn":false,"unfurl_links":false,"unfurl_media":false}"#
        // 4: no previews of links (SUPPRESS_EMBEDS).
        case .discord: #"{"content":"{{text}}","allowed_mentions":{"parse":[]},"flags":4}"#
        case .ntfy: "{{text}}"
        }
    }
}
