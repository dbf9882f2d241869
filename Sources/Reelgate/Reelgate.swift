import ArgumentParser
import Glibc

/// The command line program: one subcommand per task of an operator or user.
@main
struct Reelgate: AsyncParsableCommand {
    static let version = "0.1.0"
    /// The commit that it was built from; `unknown` unless the build names one.
    static let revision = "unknown"

    static let configuration = CommandConfiguration(
        commandName: "reelgate",
        abstract: "A local gateway that holds the key of a paid video API.",
        discussion: """
            Services and people on this machine send jobs to the gateway; it validates each one before money \
            is spent, submits it exactly once, polls it, and archives the video. An accepted job is never \
            lost and never submitted twice, and the key never leaves the gateway.

            Try it without a key, with a simulated provider:

              reelgate simulate &
              REELGATE_PROVIDER_API_KEY=any reelgate serve
            """,
        version: version,
        subcommands: [
            ServeCommand.self, CheckCommand.self, HealthCommand.self, SimulateCommand.self,
            SubmitCommand.self, TasksCommand.self, ClientsCommand.self, UsageCommand.self, AuditCommand.self,
            BackupCommand.self, RestoreCommand.self, ResumeCommand.self,
        ])

    static func main() async {
        StandardStream.openMissing()
        do {
            var command = try parseAsRoot(
                CommandArguments.normalized(Array(CommandLine.arguments.dropFirst())))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            let (text, status) = CommandError.status(of: error)
            let stream: StandardStream = status == .done ? .output : .error
            if !text.isEmpty { stream.line(text) }
            Glibc.exit(status.rawValue)
        }
    }
}
