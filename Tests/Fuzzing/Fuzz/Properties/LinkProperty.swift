import HTTPFetching

@testable import ProviderClient

/// Result links: resolved to `http` or `https` or rejected, stable, and of the origin of `base_url` only if a
/// second, simpler parser agrees.
enum LinkProperty {
    private static let bases = ["http://own.example:8032/api/", "https://own.example/", "http://[::1]/"]

    static func check(_ input: [UInt8]) throws(PropertyError) {
        let link = String(decoding: input, as: UTF8.self)
        for text in bases {
            guard let base = WebURL(text) else { throw PropertyError("the base \(text) is rejected") }
            try require(base.text == text, "the base changes")
            guard let url = WebURL(resolving: link, against: base) else { continue }
            try check(url, base)
            try checkKey(link, url, base)
        }
        if let url = WebURL(link) { try check(url, url) }
    }

    private static func check(_ url: WebURL, _ base: WebURL) throws(PropertyError) {
        let text = url.text
        try require(text.hasPrefix("http://") || text.hasPrefix("https://"), "neither http nor https")
        try require(text.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "a byte that cannot be sent")
        try require(!text.contains("#") && text.utf8.count <= WebURL.lengthMax, "a fragment, or too long")
        try require(WebURL(text)?.text == text, "parsing changes it: \(text)")
        try require(WebURL(resolving: text, against: base)?.text == text, "resolving changes it")
        try require(origin(of: text) == "\(url.origin.scheme)://\(url.origin.host):\(url.origin.port)", text)
        try require(!url.textWithoutUserInfo.prefix { $0 != "?" }.hasPrefix("http://@"), "an empty user")
    }

    /// After a 401 the key is sent only to the origin of the base URL.
    private static func checkKey(_ link: String, _ url: WebURL, _ base: WebURL) throws(PropertyError) {
        guard var route = ResultRoute(link, base: base) else { throw PropertyError("no route") }
        let step = route.receive(FetchResponse(status: 401))
        let isOwn = origin(of: url.text) == origin(of: base.text)
        try require(route.carriesKey == isOwn && (step == .request) == isOwn, "the key for \(url.text)")
    }

    /// Returns the text between the scheme and the first slash, without the user information.
    private static func origin(of text: String) -> String {
        let scheme = String(text.prefix { $0 != ":" })
        let authority = text.utf8.dropFirst(scheme.utf8.count + 3).prefix { $0 != UInt8(ascii: "/") }
        let start = authority.lastIndex(of: UInt8(ascii: "@")).map { authority.index(after: $0) }
        let host = String(decoding: authority[(start ?? authority.startIndex)...], as: UTF8.self)
        let hasPort = host.last != "]" && (host.split(separator: "]").last ?? "").contains(":")
        return "\(scheme)://\(host)" + (hasPort ? "" : scheme == "https" ? ":443" : ":80")
    }
}
