import ArgumentParser
import Dispatch
import Gateway
import Glibc
import ProviderClient
import Synchronization
import Transport

/// `reelgate serve`: runs the gateway.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the gateway.",
        discussion: """
            Reads Config/reelgate.yaml in the working directory unless --config or REELGATE_CONFIG specifies \
            another file; without any file it uses built-in defaults. The provider's key comes from \
            REELGATE_PROVIDER_API_KEY, from the file in provider.api_key_file (mode 600), or from the \
            systemd credential provider_api_key.

            SIGTERM or Ctrl-C shuts down gracefully: no new connections, requests in progress complete, and \
            the store is closed. A second signal exits at once; accepted jobs are safe either way. SIGHUP \
            reads the configuration, the catalog and all files again, all or nothing: certificates, \
            keys, access, limits, spend ceilings, webhooks, notices and the log level are replaced without \
            dropping a request; the log names other changed settings, which need a restart.

            A service manager may pass listening sockets (LISTEN_FDS), one per entry of listen, in the same \
            order. Config/ contains systemd units.
            """)

    /// The time limit of a graceful shutdown.
    private static let drainTimeout: Duration = .seconds(30)

    @Option(parsing: .unconditional, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The address to listen on; overrides the configuration.", valueName: "host:port"))
    var listen: String?

    func run() async throws {
        let environment = try StartEnvironment.read()
        let flags = SettingsFlags(config: config, listen: listen)
        let reading = ConfigurationReading(flags: flags, environment: environment)
        let valid = try reading.valid()
        let configuration = valid.configuration
        let listeners = configuration.settings.listen
        let sockets = try SocketActivation.adoptSockets(
            for: listeners, configuration.settings.access, environment: environment)
        let key = try Self.key(of: valid, reading, flags)
        let processLog = ProcessLog.start(configuration.settings.log)
        let log = processLog.log
        defer { LogOutput.standardError.flush(within: .seconds(1)) }
        for warning in configuration.warnings + SocketActivation.warnings(sockets, for: listeners) {
            log.warning(.configurationWarning, "configuration warning", metadata: ["reason": "\(warning)"])
        }
        let notifier = ServiceNotifier(environment: environment)
        let pipe = try SignalWatch.Pipe()
        let service = try await Service.start(valid, key: key, sockets: sockets, processLog)
        let stops = StopRequests(log: log)
        // Before readiness is announced: the service manager may send SIGTERM at once.
        try await service.loops[0].run { reactor in
            try SignalWatch.start(on: reactor, through: pipe, for: SignalWatch.Signal.allCases) { signal in
                switch signal {
                case .terminate, .interrupt: stops.signalReceived()
                // Reading files blocks, so it must not run on a loop.
                case .hangUp: Task.detached { Self.reload(service, notifying: notifier, log) }
                }
            }
        }
        StandardStream.output.line(service.announcement)
        Self.notify(.ready(status: service.announcement), by: notifier, log)
        await service.account.prepare()
        let memory = Task { await IdleMemory.watch(on: service.loops[0]) }
        defer { memory.cancel() }
        let pulse = notifier.watchdog.map { service.sendWatchdog(every: $0 / 2, notifying: notifier) }
        defer { pulse?.cancel() }

        await stops.waitForFirst()
        Self.notify(.stopping, by: notifier, log)
        await Self.stop(service, log)
    }

    private static func stop(_ service: Service, _ log: StructuredLog) async {
        log.notice(
            .serviceStopping, "stopping", metadata: ["drain_timeout": "\(drainTimeout.components.seconds)s"])
        await service.stop(within: drainTimeout)
        log.notice(.serviceStopped, "stopped")
    }

    /// Returns the provider's key. A person who has none yet gets the steps for a first run.
    private static func key(
        of valid: ValidConfiguration, _ reading: ConfigurationReading, _ flags: SettingsFlags
    ) throws -> ProviderKey {
        guard let key = valid.key else {
            throw Self.error(for: reading.missingKey ?? APIKeySource.missing, flags)
        }
        return key
    }

    private static func error(for error: SettingsError, _ flags: SettingsFlags) -> any Error {
        guard error == APIKeySource.missing, StandardStream.error.isTerminal else { return error }
        return FirstRunGuide(program: CommandLine.arguments[0], config: flags.config).error
    }

    private static func reload(_ service: Service, notifying notifier: ServiceNotifier, _ log: StructuredLog)
    {
        notify(.reloading, by: notifier, log)
        service.reloading.run(log)
        notify(.ready(status: service.announcement), by: notifier, log)
    }

    private static func notify(
        _ notice: ServiceNotifier.Notice, by notifier: ServiceNotifier, _ log: StructuredLog
    ) {
        if let failure = notifier.send(notice) {
            log.warning(
                .serviceNotificationFailed, "service manager notification failed",
                metadata: ["reason": "\(failure)"])
        }
    }
}

/// Signals that request a shutdown: the first is graceful, the second exits at once.
private final class StopRequests: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let count = Atomic(0)
    private let log: StructuredLog

    init(log: StructuredLog) {
        self.log = log
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    func signalReceived() {
        if count.wrappingAdd(1, ordering: .relaxed).newValue == 1 {
            continuation.yield()
        } else {
            log.warning(
                .serviceExiting, "exiting at once; a submission in flight will be uncertain at the next start"
            )
            LogOutput.standardError.flush(within: .milliseconds(200))
            _exit(128 + SIGTERM)
        }
    }

    func waitForFirst() async {
        for await _ in stream { return }
    }
}
