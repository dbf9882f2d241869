package import Gateway
package import Metrics

/// The settings of the HTTP API.
package struct APISettings: Sendable {
    /// How links in responses begin; without a slash at its end.
    package var publicURL: String
    /// Where the server listens, as configured: `127.0.0.1:8031`, `[::1]:8031`, `unix:/run/reelgate.sock`.
    /// Port 0 stands for any port.
    package var listen: [String]
    /// Further names that the Host header may carry; without a port they hold for every port.
    package var allowedHosts: [String] = []
    /// How long a POST waits for the provider's verdict.
    package var submitWait: Duration = .seconds(15)
    /// The largest request body, in bytes.
    package var bodyLimit = 64 * 1024
    /// How the gateway finds out who makes a request.
    package var access = ClientAccess.open
    /// Whether open access still holds, for what lasts longer than the check of its request.
    package var openAccess = OpenAccess()
    /// Further origins whose pages may call and read responses.
    package var sharedOrigins: [WebOrigin] = []
    /// What happens to a request without a valid token.
    package var unauthorized = UnauthorizedPolicy()
    package var version = "0"
    /// Returns the settings that the dashboard shows to operators, none of them a secret.
    package var shown: @Sendable () -> [(key: String, value: String)] = { [] }
    /// Returns the SHA-256 of bytes in lower-case hexadecimal.
    package var sha256: @Sendable ([UInt8]) -> String
    /// Returns the SHA-256 of a token's bytes.
    package var tokenDigest: @Sendable (ArraySlice<UInt8>) -> TokenDigest
    /// Returns the metrics as text, made outside the event loops.
    package var metrics: @Sendable (MetricsFormat) async -> [UInt8] = { MetricsText.text(of: [], in: $0) }
    /// The time since any fixed moment, for `Server-Timing`.
    package var monotonic: @Sendable () -> Duration

    package init(
        publicURL: String, listen: [String], sha256: @escaping @Sendable ([UInt8]) -> String,
        tokenDigest: @escaping @Sendable (ArraySlice<UInt8>) -> TokenDigest,
        monotonic: @escaping @Sendable () -> Duration = APISettings.stopwatch()
    ) {
        self.publicURL = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
        self.listen = listen
        self.sha256 = sha256
        self.tokenDigest = tokenDigest
        self.monotonic = monotonic
    }

    /// Returns a monotonic clock that starts now.
    package static func stopwatch() -> @Sendable () -> Duration {
        let start = ContinuousClock.now
        return { start.duration(to: .now) }
    }

    var links: Links { Links(publicURL: publicURL) }
}
