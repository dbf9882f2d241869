import ArchiveFiles
import Gateway
import GatewayAPI
import HTTPServing
import ProviderClient
import Transport
import VideoJobs

// Settings of each module, from the configuration.

extension GatewaySettings {
    init(_ settings: Settings, _ catalog: ModelCatalog) {
        self.init()
        self.catalog = catalog
        maxInFlight = settings.provider.maxInFlight
        let poll = settings.provider.poll
        self.poll = PollSchedule(
            first: poll.first, interval: poll.interval, slowest: poll.slowest, deadline: poll.deadline)
        keep = settings.archive.keep
        archiveBytesMax = settings.archive.maxBytes
        reserveMin = settings.archive.reserve
        auditsPrompts = settings.audit.prompts
        ceilings = SpendCeilings(settings.spend)
        streamsMax = settings.limits.streams
    }
}

extension SpendCeilings {
    init(_ spend: Settings.Spend) { self.init(job: spend.job, day: spend.day) }
}

extension HTTPLimits {
    init(_ limits: Settings.Limits) {
        self.init()
        header = limits.header
        body = limits.body
        connections = limits.connections
        headerTimeout = limits.headerTimeout
        bodyTimeout = limits.bodyTimeout
        idleTimeout = limits.idleTimeout
    }
}

extension ProviderSettings {
    init(_ provider: Settings.Provider, _ vocabulary: ProviderVocabulary) {
        self.init(baseURL: provider.baseURL)
        self.vocabulary = vocabulary
        connectTimeout = provider.connectTimeout
        submitTimeout = provider.submitTimeout
    }
}

extension APISettings {
    init(_ settings: Settings, publicURL: String, addresses: [SocketAddress]) {
        self.init(
            publicURL: publicURL, listen: addresses.map(\.description),
            sha256: { SHA256Digest.hex(of: $0) }, tokenDigest: { TokenDigest(sha256Of: $0) })
        access = settings.access.clients == .open ? .open : .tokens
        allowedHosts = settings.allowedHosts
        sharedOrigins = settings.access.cors
        submitWait = settings.submitWait
        bodyLimit = settings.limits.body
        version = Reelgate.version
        shown = { settings.shown }
    }
}

extension TokenDigest {
    /// The digest of a token's bytes.
    init(sha256Of bytes: ArraySlice<UInt8>) { self.init(SHA256Digest.words(of: bytes)) }
}
