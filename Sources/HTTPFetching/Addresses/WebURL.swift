internal import CCurl

/// An absolute `http` or `https` URL without fragment, normalised as the WHATWG URL standard requires.
///
/// libcurl parses the authority: IPv4 in all notations, IPv6, IDNA, ports. `URLReference` does the rest,
/// because libcurl resolves paths differently.
@safe  // The handle and the texts that libcurl allocates are freed where they are made.
package struct WebURL: Hashable, Sendable {
    /// The maximum length in bytes, before and after normalisation.
    package static let lengthMax = 8192

    /// The origin: scheme, host and port.
    package struct Origin: Hashable, Sendable {
        package let scheme: String
        /// Lowercase ASCII; IPv6 in brackets.
        package let host: String
        package let port: UInt16
    }

    package let origin: Origin
    /// Percent-encoded user and password with `@`, or empty.
    private let userInfo: String
    /// Begins with a slash.
    let path: String
    /// Without its question mark; `nil` if there is none.
    let query: String?

    /// Parses an absolute `http` or `https` URL; `nil` for anything else.
    package init?(_ text: String) { self.init(URLReference(text), base: nil) }

    /// Resolves a link in a document at `base`, as a browser does; `nil` if the result is not a valid `http`
    /// or `https` URL.
    package init?(resolving link: String, against base: WebURL) { self.init(URLReference(link), base: base) }

    /// The URL as requested.
    package var text: String { text(withUserInfo: true) }

    /// The URL without user and password, for requests with other credentials.
    package var textWithoutUserInfo: String { text(withUserInfo: false) }

    /// The URL without user, password and query.
    package var textForLogs: String { originText(user: "") + path }

    /// Scheme, host, and a port that is not the default.
    package var originText: String { originText(user: "") }

    private func text(withUserInfo: Bool) -> String {
        originText(user: withUserInfo ? userInfo : "") + path + (query.map { "?\($0)" } ?? "")
    }

    private func originText(user: String) -> String {
        let port = origin.port == URLReference.defaultPort(of: origin.scheme) ? "" : ":\(origin.port)"
        return "\(origin.scheme)://\(user)\(origin.host)\(port)"
    }

    private init?(_ reference: URLReference?, base: WebURL?) {
        guard let absolute = reference?.absolute(base: base),
            let handle = unsafe curl_url()
        else { return nil }
        defer { unsafe curl_url_cleanup(handle) }
        guard unsafe curl_url_set(handle, CURLUPART_URL, absolute.origin, 0) == CURLUE_OK,
            let host = unsafe Self.host(of: handle),
            let port = unsafe Self.part(CURLUPART_PORT, of: handle, UInt32(CURLU_DEFAULT_PORT)),
            let number = UInt16(port), number > 0
        else { return nil }
        // Normalisation can turn fullwidth or encoded digits into ASCII; then the host must be parsed again
        // as an address.
        let isFinal = absolute.authority.lowercased().hasPrefix(host)
        guard let host = isFinal ? host : WebURL("\(absolute.scheme)://\(host)/")?.origin.host else {
            return nil
        }
        origin = Origin(scheme: absolute.scheme, host: host, port: number)
        userInfo = absolute.userInfo
        path = absolute.path
        query = absolute.query
        guard text.utf8.count <= Self.lengthMax else { return nil }
    }

    private static func host(of handle: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe reel_url_host(handle, &text) == CURLUE_OK, let text = unsafe text else { return nil }
        defer { unsafe curl_free(text) }
        let host = unsafe String(cString: text).lowercased()
        let isValid = host.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return isValid && !host.isEmpty ? host : nil
    }

    private static func part(
        _ part: CURLUPart, of handle: OpaquePointer, _ flags: UInt32 = 0
    ) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text = unsafe text else {
            return nil
        }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }
}

// Queries contain signatures, so only the origin is printed.
extension WebURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(origin.scheme)://\(origin.host):\(origin.port)/…" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
