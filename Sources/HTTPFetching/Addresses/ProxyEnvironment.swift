internal import Glibc

/// The proxy variables of the environment, interpreted as libcurl does.
///
/// libcurl does not tell whether a connection goes to a proxy, but the address guard must know: the operator
/// chose the proxy, whatever its address.
struct ProxyEnvironment: Sendable {
    private let variables: [String: String]

    /// The environment of this process; libcurl reads the same variables for each transfer.
    static let process = ProxyEnvironment { name in
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    init(_ variable: (String) -> String?) {
        // CGI servers set HTTP_PROXY from a request field, so libcurl, too, reads only the lowercase name.
        let names = [
            "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
        ]
        var variables: [String: String] = [:]
        for name in names { variables[name] = variable(name) }
        self.variables = variables
    }

    /// Returns whether a request for the URL goes through a proxy.
    func proxies(_ text: String) -> Bool {
        guard let origin = WebURL(text)?.origin else { return false }
        let names = origin.scheme == "https" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        guard let proxy = first(names + ["all_proxy", "ALL_PROXY"]), !proxy.isEmpty else { return false }
        return !excludes(origin.host)
    }

    private func excludes(_ host: String) -> Bool {
        let list = (first(["no_proxy", "NO_PROXY"]) ?? "").lowercased()
        let entries = list.split { $0 == "," || $0 == " " }
        if entries == ["*"] { return true }
        if let address = IPAddress(host) { return entries.contains { Self.covers(String($0), address) } }
        return entries.contains { entry in
            let name = entry.drop { $0 == "." }
            return !name.isEmpty && (host == name || host.hasSuffix("." + name))
        }
    }

    /// Returns whether an entry, an address or `address/bits`, includes the address.
    private static func covers(_ entry: String, _ address: IPAddress) -> Bool {
        let parts = entry.split(separator: "/", maxSplits: 1)
        guard let first = parts.first, let prefix = IPAddress(String(first)) else { return false }
        let size = prefix.bytes.count
        let bits = parts.count == 2 ? Int(parts[1]) ?? 0 : size * 8
        return (1...size * 8).contains(bits) && address.isIn(prefix.bytes, bits, of: size)
    }

    private func first(_ names: [String]) -> String? { names.lazy.compactMap { variables[$0] }.first }
}
