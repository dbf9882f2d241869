/// The configuration file of a gateway under test: the only place in the tests that writes one.
///
/// The defaults suit most tests: a port chosen by the system, fast polls, and data in the folder of the file.
package struct GatewayYAML: Sendable {
    /// An entry of `listen`.
    package struct Listener: Sendable {
        package var address: String
        /// The value of `tls`; `nil` for plain HTTP.
        package var tls: String?

        package init(_ address: String = "127.0.0.1:0", tls: String? = nil) {
            self.address = address
            self.tls = tls
        }
    }

    /// The value of `provider.poll`, except for its deadline of 24 hours.
    package struct Poll: Sendable {
        package var first: String
        package var interval: String
        package var slowest: String

        package init(first: String, interval: String, slowest: String) {
            self.first = first
            self.interval = interval
            self.slowest = slowest
        }

        package static let fast = Poll(first: "50ms", interval: "50ms", slowest: "200ms")
        /// So slow that no test sees a poll.
        package static let hourly = Poll(first: "1h", interval: "1h", slowest: "1h")
    }

    package var listen = [Listener()]
    package var loops: Int?
    /// The base URL of the provider.
    package var provider: String
    package var apiKeyFile: String?
    package var maxInFlight: Int?
    package var connectTimeout: String?
    package var submitTimeout: String?
    package var poll = Poll.fast
    package var submitWait: String? = "5s"
    package var bodyTimeout: String?
    /// The folder of the store.
    package var store = "data"
    package var archive = "data/archive"
    /// Members of `archive` beside the folder.
    package var archiveLimits: String?
    /// The value of `access`.
    package var access: String?
    /// The value of `spend`.
    package var spend: String?
    /// The value of `webhooks`.
    package var webhooks: String?
    /// The value of `notify`.
    package var notify: String?
    package var logLevel: String?
    /// The value of `tracing`.
    package var tracing: String?

    package init(provider: String) { self.provider = provider }

    /// The text of the file.
    package var text: String {
        var lines = ["listen:"]
        for listener in listen {
            lines += ["  - address: \"\(listener.address)\""] + setting("    tls", listener.tls)
        }
        lines += ["public_url: null"] + setting("loops", loops.map(String.init))
        lines += ["provider:", "  base_url: \"\(provider)\""]
        lines +=
            setting("  api_key_file", apiKeyFile) + setting("  max_in_flight", maxInFlight.map(String.init))
        lines += setting("  connect_timeout", connectTimeout) + setting("  submit_timeout", submitTimeout)
        let pauses = "first: \(poll.first), interval: \(poll.interval), slowest: \(poll.slowest)"
        lines.append("  poll: {\(pauses), deadline: 24h}")
        lines += setting("submit_wait", submitWait)
        lines += setting("limits", bodyTimeout.map { "{body_timeout: \($0)}" })
        let limits = archiveLimits.map { ", \($0)" } ?? ""
        lines += ["store: {sqlite: \(store)/reelgate.db}", "archive: {directory: \(archive)\(limits)}"]
        lines += setting("access", access) + setting("spend", spend)
        lines += setting("webhooks", webhooks) + setting("notify", notify)
        lines += setting("tracing", tracing)
        lines += setting("log", logLevel.map { "{level: \($0)}" })
        return lines.map { $0 + "\n" }.joined()
    }

    private func setting(_ key: String, _ value: String?) -> [String] {
        value.map { ["\(key): \($0)"] } ?? []
    }
}
