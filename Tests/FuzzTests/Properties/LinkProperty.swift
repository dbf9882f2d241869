import HTTPFetching

@testable import ProviderClient

/// Result links: resolved to `http` or `https` or to nothing, stable, and never of `base_url`'s origin unless
/// a plainer reader of the result says so, too.
enum LinkProperty {
    private static let bases = ["http://own.example:8032/api/", "https://own.example/", "http://[::1]/"]

    static func check(_ input: [UInt8]) throws(Finding) {
        let link = String(decoding: input, as: UTF8.self)
        for text in bases {
            guard let base = WebURL(text) else { throw Finding("the base \(text) is refused") }
            try promise(base.text == text, "the base changes")
            guard let url = WebURL(resolving: link, against: base) else { continue }
            try check(url, base)
            try checkKey(link, url, base)
        }
        if let url = WebURL(link) { try check(url, url) }
    }

    private static func check(_ url: WebURL, _ base: WebURL) throws(Finding) {
        let text = url.text
        try promise(text.hasPrefix("http://") || text.hasPrefix("https://"), "neither http nor https")
        try promise(text.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "a byte that cannot be sent")
        try promise(!text.contains("#") && text.utf8.count <= WebURL.lengthMax, "a fragment, or too long")
        try promise(WebURL(text)?.text == text, "read again it changes: \(text)")
        try promise(WebURL(resolving: text, against: base)?.text == text, "resolved again it changes")
        try promise(origin(of: text) == "\(url.origin.scheme)://\(url.origin.host):\(url.origin.port)", text)
        try promise(!url.textWithoutUserInfo.prefix { $0 != "?" }.hasPrefix("http://@"), "an empty user")
    }

    /// A host that refuses is sent the key only at the base's own origin.
    private static func checkKey(_ link: String, _ url: WebURL, _ base: WebURL) throws(Finding) {
        guard var route = ResultRoute(link, base: base) else { throw Finding("no route") }
        let step = route.receive(FetchResponse(status: 401))
        let isOwn = origin(of: url.text) == origin(of: base.text)
        try promise(route.carriesKey == isOwn && (step == .request) == isOwn, "the key for \(url.text)")
    }

    /// By plain text: what stands between the scheme and the first slash, without the user.
    private static func origin(of text: String) -> String {
        let scheme = String(text.prefix { $0 != ":" })
        let authority = text.utf8.dropFirst(scheme.utf8.count + 3).prefix { $0 != UInt8(ascii: "/") }
        let start = authority.lastIndex(of: UInt8(ascii: "@")).map { authority.index(after: $0) }
        let host = String(decoding: authority[(start ?? authority.startIndex)...], as: UTF8.self)
        let hasPort = host.last != "]" && (host.split(separator: "]").last ?? "").contains(":")
        return "\(scheme)://\(host)" + (hasPort ? "" : scheme == "https" ? ":443" : ":80")
    }
}
