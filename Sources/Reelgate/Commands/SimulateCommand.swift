import ArgumentParser
import HTTPServing
import JSONText
import Simulator
import TLS
import Transport
import VideoJobs

/// `reelgate simulate`: runs a simulated provider.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Runs a simulated provider on this machine, at no cost.",
        discussion: """
            Behaves like the paid provider, accepts any Bearer key, produces a real video after \
            --task-seconds, and keeps a ledger of what would have been billed. Scripted faults come from \
            --script or can be set while it runs. GET /_simulator/ lists the control endpoints.

            For example, a lost response for the first job and two refusals for the second:

              echo '[{"match": {"kind": "create", "nth": 1}, "do": {"cut": "after"}},
                     {"match": {"kind": "create", "nth": 2}, "times": 2,
                      "do": {"status": 429, "retry_after": 5}}]' > bad-day.json
              reelgate simulate --task-seconds 10 --script bad-day.json

            With --certificate and --key it serves HTTPS.
            """)

    /// 10,000 event streams of a benchmark, and connections to control them.
    private static let connectionsMax = 11_000
    /// The maximum size of a script in bytes.
    private static let scriptMax = 1 << 20
    /// The time limit for responses in progress at shutdown. Scripted hangs would never end.
    private static let drainTimeout: Duration = .seconds(1)

    @Option(parsing: .unconditional, help: ArgumentHelp("The address to listen on.", valueName: "host:port"))
    var listen = "127.0.0.1:8032"

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The duration of a generation.", valueName: "seconds"))
    var taskSeconds = 20.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long the link of a result lives, from the end of its generation.", valueName: "seconds"))
    var linkSeconds = 86_400.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("A JSON list of fault rules.", valueName: "file"))
    var script: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("A certificate, to serve HTTPS.", valueName: "file"))
    var certificate: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The certificate's key.", valueName: "file"))
    var key: String?

    @Option(
        name: .customLong("model"), parsing: .singleValue,
        help: ArgumentHelp(
            "A further model, whose jobs may have any parameters; repeatable.", valueName: "id"))
    var models: [String] = []

    func validate() throws {
        guard (certificate == nil) == (key == nil) else {
            throw ValidationError("--certificate and --key must be used together")
        }
        guard SocketAddress(listen) != nil else {
            throw ValidationError("--listen \(listen): not an address such as 127.0.0.1:8032")
        }
        guard taskSeconds >= 0, taskSeconds <= 1_000_000_000 else {
            throw ValidationError("--task-seconds \(taskSeconds): from 0 to 1000000000")
        }
        guard linkSeconds >= 0, linkSeconds <= 1_000_000_000 else {
            throw ValidationError("--link-seconds \(linkSeconds): from 0 to 1000000000")
        }
    }

    func run() async throws {
        let loop = try EventLoop(label: "simulator")
        let simulator = Simulator(
            try makeProvider(), now: { Timestamp(milliseconds: SystemTime.wallMilliseconds) },
            pause: { await loop.sleep(for: $0) })
        let stop = try await StopSignal(on: loop)
        let server = try await start(simulator, on: loop)
        let scheme = certificate == nil ? "http" : "https"
        for address in server.addresses {
            StandardStream.output.line(
                "The simulator is listening on \(scheme)://\(address) and takes any key that is not empty."
            )
        }
        await stop.arrives()
        await server.drain(within: Self.drainTimeout)
    }

    private func makeProvider() throws -> SimulatedProvider {
        let length: Duration = .milliseconds(Int64((taskSeconds * 1000).rounded()))
        let linkLifetime: Duration = .milliseconds(Int64((linkSeconds * 1000).rounded()))
        do {
            let rules = try script.map { path in try LocalFile.read(path, limit: Self.scriptMax) }
            return try SimulatedProvider(
                taskLength: length, script: rules ?? Array("[]".utf8), seed: Entropy.randomNumber(),
                linkLifetime: linkLifetime, furtherModels: models)
        } catch let issue as ScriptError {
            throw CommandError(
                "\(script ?? ""): \(issue.message)", remedy: "Correct the script and start again.")
        } catch let failure as LocalFileError {
            throw CommandError(
                "\(script ?? ""): \(failure.message)", remedy: "Specify another file with --script.")
        }
    }

    private func start(_ simulator: Simulator, on loop: EventLoop) async throws -> HTTPServer {
        guard let address = SocketAddress(listen) else { preconditionFailure("validated") }
        let endpoint = ListenEndpoint(address, identity: try readIdentity())
        var limits = HTTPLimits()
        limits.connections = DescriptorBudget.raise(forConnections: Self.connectionsMax).connections
        do {
            return try await HTTPServer.start(
                in: [endpoint], on: [loop], limits: limits, handler: simulator)
        } catch let failure as ListenError {
            throw CommandError("\(failure)", remedy: "Choose another address with --listen.")
        }
    }

    private func readIdentity() throws -> TLSIdentity? {
        guard let certificate, let key else { return nil }
        var settings = TLSSettings(own: CertificateFiles(certificate: certificate, key: key))
        settings.protocols = HTTPServer.protocols
        do throws(TLSError) {
            return try TLSIdentity(settings)
        } catch {
            throw CommandError(
                error.issues.map(\.message).joined(separator: "; "), remedy: error.issues[0].remedy)
        }
    }
}
