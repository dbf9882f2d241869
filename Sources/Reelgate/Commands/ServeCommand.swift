import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import Synchronization
import Transport

/// `reelgate serve`: the gateway.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the gateway.",
        discussion: """
            Reads Config/reelgate.yaml of the working folder unless --config or REELGATE_CONFIG names \
            another file; without any it runs on its defaults. The provider's key comes from \
            REELGATE_PROVIDER_API_KEY, from the file that provider.api_key_file names, or from the systemd \
            credential provider_api_key.

            SIGTERM or Ctrl-C ends it in order: no new connections, what is under way is finished, the \
            store is closed. A second one ends it at once; what was accepted is safe either way. SIGHUP \
            has it read its certificates anew; no connection is dropped.

            A service manager may pass listening sockets (LISTEN_FDS), one for each entry of listen, in \
            the same order. Config/ has units for systemd.
            """)

    /// How long an orderly end may take.
    private static let drainBound: Duration = .seconds(30)

    @Option(parsing: .unconditional, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Where to listen, instead of what the file says.", valueName: "host:port"))
    var listen: String?

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let flags = SettingsFlags(config: config, listen: listen)
        let configuration = try Configuration.load(flags: flags, environment: environment)
        let listeners = configuration.settings.listen
        let sockets = try SocketActivation.take(for: listeners, environment: environment)
        try ProcessMemory.keepPrivate()  // Before there is a key to keep.
        let key = try configuration.readKey()
        let log = Self.startLog(configuration.settings.log)
        for warning in configuration.warnings + SocketActivation.warnings(sockets, for: listeners) {
            log.warning("\(warning)")
        }
        let notices = ServiceNotices(environment: environment)
        let pipe = try SignalWatch.Pipe()
        let service = try await Service.start(configuration, key: key, sockets: sockets, log: log)
        let stops = StopRequests(log: log)
        // Before it says that it is ready: who hears that may end it at once.
        try await service.loops[0].run { reactor in
            try SignalWatch.start(on: reactor, through: pipe, for: SignalWatch.Signal.allCases) { signal in
                switch signal {
                case .terminate, .interrupt: stops.arrived()
                // Reading files blocks: not on a loop.
                case .hangUp: Task.detached { Self.reload(service, telling: notices, log) }
                }
            }
        }
        StandardStream.output.line(service.announcement)
        Self.tell(.ready(status: service.announcement), by: notices, log)
        ProcessMemory.returnCodePages()
        let pulse = notices.watchdog.map { service.beat(every: $0 / 2, telling: notices) }
        defer { pulse?.cancel() }

        await stops.first()
        log.notice("stopping: no new jobs; what is under way has \(Self.drainBound.components.seconds) s")
        Self.tell(.stopping, by: notices, log)
        await service.stop(within: Self.drainBound)
        log.notice("stopped")
    }

    private static func reload(_ service: Service, telling notices: ServiceNotices, _ log: Logger) {
        tell(.reloading, by: notices, log)
        service.reload(log)
        tell(.ready(status: service.announcement), by: notices, log)
    }

    private static func tell(_ notice: ServiceNotices.Notice, by notices: ServiceNotices, _ log: Logger) {
        if let failure = notices.send(notice) {
            log.warning("the service manager cannot be told how the gateway stands: \(failure)")
        }
    }

    private static func startLog(_ settings: Settings.Log) -> Logger {
        let isJSON =
            switch settings.format {
            case .auto: !StandardStream.error.isTerminal
            case .text: false
            case .json: true
            }
        let level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        LoggingSystem.bootstrap { LineLog(label: $0, isJSON: isJSON, level: level) }
        return Logger(label: "reelgate")
    }
}

/// The signals that ask the process to end: the first in order, the second at once.
private final class StopRequests: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let count = Atomic(0)
    private let log: Logger

    init(log: Logger) {
        self.log = log
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    func arrived() {
        if count.wrappingAdd(1, ordering: .relaxed).newValue == 1 {
            continuation.yield()
        } else {
            log.warning("stopped at once; a submission that was on its way is uncertain at the next start")
            _exit(128 + SIGTERM)
        }
    }

    func first() async {
        for await _ in stream { return }
    }
}
