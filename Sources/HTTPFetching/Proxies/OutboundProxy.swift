internal import Glibc

/// The proxy of a request, determined by the environment variables that libcurl reads.
///
/// libcurl 7.88 does not report which proxy it used, so this repeats its choice, for error messages only.
package struct OutboundProxy: Equatable, Sendable, CustomStringConvertible {
    /// `host:port`, without scheme, user name and password.
    package let address: String
    /// The environment variable that names it.
    package let variable: String

    package var description: String { "\(address) (from \(variable))" }

    /// Returns the proxy for a URL; `nil` for a direct connection.
    ///
    /// - Parameter variable: returns the value of an environment variable.
    package static func used(
        forURL url: String, variable: (String) -> String? = Self.environmentVariable
    ) -> OutboundProxy? {
        let host = URLHost.host(of: url)
        guard !LoopbackHost.contains(host),
            let name = names(forURL: url).first(where: { given($0, variable) }),
            !isExcluded(host, by: variable)
        else { return nil }
        return OutboundProxy(address: address(of: variable(name) ?? ""), variable: name)
    }

    /// libcurl does not read uppercase `HTTP_PROXY`, which a CGI client could set.
    private static func names(forURL url: String) -> [String] {
        let own = url.lowercased().hasPrefix("https:") ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        return own + ["all_proxy", "ALL_PROXY"]
    }

    private static func given(_ name: String, _ variable: (String) -> String?) -> Bool {
        variable(name)?.isEmpty == false
    }

    /// Returns an environment variable of this process.
    package static func environmentVariable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// Applies `no_proxy`: `*`, or names and addresses separated by commas or blanks. A name includes its
    /// subdomains.
    private static func isExcluded(_ host: String, by variable: (String) -> String?) -> Bool {
        guard let name = ["no_proxy", "NO_PROXY"].first(where: { given($0, variable) }) else { return false }
        let list = variable(name) ?? ""
        if list == "*" { return true }
        let address = NumericHost(host)
        let entries = list.lowercased().split { $0 == "," || $0 == " " || $0 == "\t" }
        return entries.contains { entry in
            if let address { return address.isInside(entry) }
            let domain = trimmed(entry), host = trimmed(host.lowercased()[...])
            return !domain.isEmpty && (host == domain || host.hasSuffix("." + domain))
        }
    }

    private static func trimmed(_ name: Substring) -> Substring {
        let name = name.hasPrefix(".") ? name.dropFirst() : name
        return name.hasSuffix(".") ? name.dropLast() : name
    }

    /// libcurl's default proxy port is 1080.
    private static func address(of value: String) -> String {
        let rest = value.firstRange(of: "://").map { value[$0.upperBound...] } ?? value[...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let address =
            authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let text = String(
            String.UnicodeScalarView(
                address.unicodeScalars.filter { (0x21...0x7E).contains($0.value) }.prefix(255)))
        let tail = text.lastIndex(of: "]").map { text[$0...] } ?? text[...]
        return tail.contains(":") ? text : text + ":1080"
    }
}
