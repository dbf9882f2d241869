import HTTPFetching

/// The URL of a receiver of notices. It is a secret: who has it can post there.
package struct NoticeURL: Hashable, Sendable {
    let url: WebURL

    /// Parses one http or https URL without user and password; `nil` for anything else.
    package init?(_ text: String) {
        let isOneWord = text.unicodeScalars.allSatisfy {
            !$0.properties.isWhitespace && $0.properties.generalCategory != .control
        }
        guard isOneWord, let url = WebURL(text), url.text == url.textWithoutUserInfo else { return nil }
        self.url = url
    }

    /// Whether others could read it in transit.
    package var isExposed: Bool { url.origin.scheme == "http" && !LoopbackHost.contains(url.origin.host) }
}

// A secret must not reach a log by an interpolation.
extension NoticeURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "NoticeURL(…)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
