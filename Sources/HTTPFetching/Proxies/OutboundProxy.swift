internal import Glibc

/// The proxy through which a request goes, by the environment's variables that libcurl reads.
///
/// libcurl 7.88 does not say which proxy it took, so this repeats its choice, for error messages only.
package struct OutboundProxy: Equatable, Sendable, CustomStringConvertible {
    /// `host:port`: no scheme, and never the user name and password that a variable may hold.
    package let address: String
    /// The variable that names it.
    package let variable: String

    package var description: String { "\(address) (from \(variable))" }

    /// The proxy for a URL; `nil` if the host is asked directly.
    ///
    /// - Parameter variable: reads a variable of the environment.
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

    /// libcurl reads no upper-case `HTTP_PROXY`, which a CGI program's client could set.
    private static func names(forURL url: String) -> [String] {
        let own = url.lowercased().hasPrefix("https:") ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        return own + ["all_proxy", "ALL_PROXY"]
    }

    private static func given(_ name: String, _ variable: (String) -> String?) -> Bool {
        variable(name)?.isEmpty == false
    }

    /// Reads a variable of this process.
    package static func environmentVariable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// `no_proxy`: `*`, or names and addresses between commas or blanks. A name excludes what is below it.
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

    /// libcurl's own port for proxies is 1080.
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
