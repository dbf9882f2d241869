import TLS
import Transport

/// Everything that a person may set, with its default (contract, section 2). Holds no secret.
struct Settings: Equatable, Sendable {
    var listen = [Listener()]
    /// How links in answers begin, without a slash at the end; `nil` for the address that it listens on.
    var publicURL: String? = "http://127.0.0.1:8031"
    /// Host names to answer to beside those of the addresses and of `publicURL`.
    var allowedHosts: [String] = []
    /// Event loops; `nil` for one per core.
    var loops: Int?
    var provider = Provider()
    /// How long a POST waits for the provider's verdict.
    var submitWait: Duration = .seconds(15)
    var store = Store()
    var archive = Archive()
    var access = Access()
    var limits = Limits()
    var log = Log()

    /// One address to listen on.
    struct Listener: Equatable, Sendable {
        var address = SocketAddress.ipv4(host: "127.0.0.1", port: 8031)
        /// `nil` for a port in the clear.
        var tls: TLSSettings?
    }

    /// The account that everyone shares. Its key is elsewhere: see `APIKeySource`.
    struct Provider: Equatable, Sendable {
        /// Without a slash at the end.
        var baseURL = "http://127.0.0.1:8032"
        var apiKeyFile: String?
        /// Tasks that the account may run at once; the rest wait here.
        var maxInFlight = 8
        var connectTimeout: Duration = .seconds(10)
        var submitTimeout: Duration = .seconds(60)
        var poll = Poll()
    }

    /// When the provider is asked about a running task.
    struct Poll: Equatable, Sendable {
        var first: Duration = .seconds(8)
        var interval: Duration = .seconds(8)
        var slowest: Duration = .seconds(60)
        var deadline: Duration = .seconds(86_400)
    }

    /// Where tasks live.
    struct Store: Equatable, Sendable {
        var sqlite = "data/reelgate.db"
    }

    /// Our copies of finished videos.
    struct Archive: Equatable, Sendable {
        var directory = "data/archive"
        var keep: Duration = .seconds(30 * 86_400)
        var maxBytes: Int64 = 50 << 30
        /// Whether a copy's structure is checked before a task is called completed.
        var verify = true
    }

    /// Who may call.
    struct Access: Equatable, Sendable {
        /// `tokens` of the contract is not in this version.
        enum Clients: String, CaseIterable, Sendable { case open }

        var clients = Clients.open
    }

    /// What one caller may cost us.
    struct Limits: Equatable, Sendable {
        var body = 64 << 10
        var header = 16 << 10
        var connections = 10_000
        var headerTimeout: Duration = .seconds(10)
        var bodyTimeout: Duration = .seconds(30)
        var idleTimeout: Duration = .seconds(75)
    }

    /// What is written to standard error.
    struct Log: Equatable, Sendable {
        /// `auto` is text on a terminal, JSON lines otherwise.
        enum Format: String, CaseIterable, Sendable { case auto, text, json }
        enum Level: String, CaseIterable, Sendable {
            case trace, debug, info, notice, warning, error, critical
        }

        var format = Format.auto
        var level = Level.info
    }
}
