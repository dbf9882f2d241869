import GatewayAPI
import TLS
import Transport

/// All settings with their defaults (contract, section 2). Contains no secret.
struct Settings: Equatable, Sendable {
    var listen = [Listener()]
    /// The origin of links in responses, without a trailing slash; `nil` for the listening address.
    var publicURL: String? = "http://127.0.0.1:8031"
    /// Accepted host names in addition to those of the addresses and of `publicURL`.
    var allowedHosts: [String] = []
    /// Event loops; `nil` for one per core.
    var loops: Int?
    var provider = Provider()
    /// How long a POST waits for the provider's response.
    var submitWait: Duration = .seconds(15)
    var store = Store()
    var archive = Archive()
    var access = Access()
    var audit = Audit()
    var spend = Spend()
    var webhooks = Webhooks()
    /// The receivers of notices.
    var notify: [Receiver] = []
    var limits = Limits()
    var log = Log()
    var tracing = Tracing()

    /// A listening address.
    struct Listener: Equatable, Sendable {
        var address = SocketAddress.ipv4(host: "127.0.0.1", port: 8031)
        /// `nil` for a plain port.
        var tls: TLSSettings?
    }

    /// The shared provider account. Its key is kept elsewhere: see `APIKeySource`.
    struct Provider: Equatable, Sendable {
        /// Without a trailing slash.
        var baseURL = "http://127.0.0.1:8032"
        var apiKeyFile: String?
        /// The most tasks that run at the provider at once; others wait in the queue.
        var maxInFlight = 8
        var connectTimeout: Duration = .seconds(10)
        var submitTimeout: Duration = .seconds(60)
        var poll = Poll()
    }

    /// The polling schedule of a running task.
    struct Poll: Equatable, Sendable {
        var first: Duration = .seconds(8)
        var interval: Duration = .seconds(8)
        var slowest: Duration = .seconds(60)
        var deadline: Duration = .seconds(86_400)
    }

    /// The task store.
    struct Store: Equatable, Sendable {
        var sqlite = "data/reelgate.db"
    }

    /// The archive of finished videos.
    struct Archive: Equatable, Sendable {
        var directory = "data/archive"
        var keep: Duration = .seconds(30 * 86_400)
        var maxBytes: Int64 = 50 << 30
        /// The space for each result that is reserved at least before a job is sent; 0 reserves nothing.
        var reserve: Int64 = 64 << 20
        /// Whether the structure of a video is verified before its task is completed.
        var verify = true
    }

    /// Access control.
    struct Access: Equatable, Sendable {
        /// `open` trusts every client that reaches a loopback address; `tokens` requires a token.
        enum Clients: String, CaseIterable, Sendable { case open, tokens }

        var clients = Clients.open
        /// Whether operators can use the gateway through a socket beside the store.
        var operatorSocket = true
        /// Origins of other sites whose pages may call.
        var cors: [WebOrigin] = []
    }

    /// The audit.
    struct Audit: Equatable, Sendable {
        /// Whether it contains the prompts of admitted jobs.
        var prompts = false
    }

    /// Ceilings of what all clients together may spend, in micro-dollars.
    struct Spend: Equatable, Sendable {
        /// For one job.
        var job: Int64?
        /// For all jobs of a day (UTC).
        var day: Int64?
    }

    /// Limits on what one client may use.
    struct Limits: Equatable, Sendable {
        var body = 64 << 10
        var header = 16 << 10
        var connections = 10_000
        var streams = 10_000
        var headerTimeout: Duration = .seconds(10)
        var bodyTimeout: Duration = .seconds(30)
        var idleTimeout: Duration = .seconds(75)
    }

    /// The log on standard error.
    struct Log: Equatable, Sendable {
        /// `auto` is text on a terminal, JSON lines otherwise.
        enum Format: String, CaseIterable, Sendable { case auto, text, json }
        enum Level: String, CaseIterable, Sendable {
            case trace, debug, info, notice, warning, error, critical
        }

        var format = Format.auto
        var level = Level.info
        /// Whether each request is logged, at level info.
        var access = true
        /// Whether admissions are logged with the beginnings of their prompts.
        var prompts = false
    }

    /// The export of traces.
    struct Tracing: Equatable, Sendable {
        /// The collector's base URL, without a trailing slash; `nil` exports nothing.
        var otlp: String?
    }
}
