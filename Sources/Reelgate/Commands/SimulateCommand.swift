import ArgumentParser
import HTTPServing
import JSONText
import Simulator
import TLS
import Transport
import VideoJobs

/// `reelgate simulate`: the provider on this machine.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Runs a provider on this machine, so that nothing costs anything.",
        discussion: """
            It answers as the paid provider does, wants any Bearer key, makes a real video after \
            --task-seconds, and keeps a ledger of what would have been billed. It can misbehave: give it a \
            script with --script or while it runs. GET /_simulator/ tells what there is.

            A lost reply for the first job, two refusals for the next:

              echo '[{"match": {"kind": "create", "nth": 1}, "do": {"cut": "after"}},
                     {"match": {"kind": "create", "nth": 2}, "times": 2,
                      "do": {"status": 429, "retry_after": 5}}]' > bad-day.json
              reelgate simulate --task-seconds 10 --script bad-day.json

            With --certificate and --key it speaks HTTPS.
            """)

    /// The longest script that is read.
    private static let scriptMax = 1 << 20
    /// How long answers that are under way may take at the end. What hangs by script would take for ever.
    private static let drainBound: Duration = .seconds(1)

    @Option(parsing: .unconditional, help: ArgumentHelp("Where to listen.", valueName: "host:port"))
    var listen = "127.0.0.1:8032"

    @Option(parsing: .unconditional, help: ArgumentHelp("How long a generation takes.", valueName: "seconds"))
    var taskSeconds = 20.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("A JSON list of rules by which it misbehaves.", valueName: "file"))
    var script: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("A certificate, to be asked over HTTPS.", valueName: "file"))
    var certificate: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The certificate's key.", valueName: "file"))
    var key: String?

    func validate() throws {
        guard (certificate == nil) == (key == nil) else {
            throw ValidationError("--certificate and --key must be given together")
        }
        guard SocketAddress(listen) != nil else {
            throw ValidationError("--listen \(listen): not an address such as 127.0.0.1:8032")
        }
        guard taskSeconds >= 0, taskSeconds <= 1_000_000_000 else {
            throw ValidationError("--task-seconds \(taskSeconds): from 0 to 1000000000")
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
        await server.drain(within: Self.drainBound)
    }

    private func makeProvider() throws -> SimulatedProvider {
        let length: Duration = .milliseconds(Int64((taskSeconds * 1000).rounded()))
        do {
            let rules = try script.map { path in try LocalFile.read(path, limit: Self.scriptMax) }
            return try SimulatedProvider(
                taskLength: length, script: rules ?? Array("[]".utf8), seed: Entropy.number())
        } catch let fault as ScriptError {
            throw CommandError(
                "\(script ?? ""): \(fault.message)", remedy: "Mend the script and start again.")
        } catch let failure as LocalFile.Failure {
            throw CommandError(
                "\(script ?? ""): \(failure.message)", remedy: "Name another file with --script.")
        }
    }

    private func start(_ simulator: Simulator, on loop: EventLoop) async throws -> HTTPServer {
        guard let address = SocketAddress(listen) else { preconditionFailure("validated") }
        let place = ListenEndpoint(address, identity: try readIdentity())
        var limits = HTTPLimits()
        limits.connections = DescriptorBudget.raise(forConnections: limits.connections).connections
        do {
            return try await HTTPServer.start(
                in: [place], on: [loop], limits: limits, handler: simulator)
        } catch let failure as ListenError {
            throw CommandError("\(failure)", remedy: "Choose another address with --listen.")
        }
    }

    private func readIdentity() throws -> TLSIdentity? {
        guard let certificate, let key else { return nil }
        var settings = TLSSettings(own: TLSFiles(certificate: certificate, key: key))
        settings.protocols = HTTPServer.protocols
        do throws(TLSError) {
            return try TLSIdentity(settings)
        } catch {
            throw CommandError(
                error.faults.map(\.message).joined(separator: "; "), remedy: error.faults[0].remedy)
        }
    }
}
