/// What a person reads whose gateway has no key yet: what is missing, and how to try without one.
struct FirstRunGuide: Equatable, Sendable {
    /// The program, as it was called.
    let program: String
    /// The configuration file of the command line.
    let config: String?

    private static let provider = "REELGATE_PROVIDER_BASE_URL=http://127.0.0.1:8032"

    /// Four lines, with commands that can be copied.
    var error: CommandError {
        let program = ShellWord.quoted(program)
        let serve = "\(program) serve" + (config.map { " --config \(ShellWord.quoted($0))" } ?? "")
        let file = "\(APIKeySource.variable)_FILE=provider.key"
        return CommandError(
            "the gateway needs the provider's key, and none is given.",
            remedy: [
                "  With a key:     write it to provider.key (chmod 600), then  \(file) \(serve)",
                "  Without a key:  \(program) simulate &    # a provider on this machine; nothing is paid",
                "                  \(Self.provider) \(APIKeySource.variable)=any \(serve)",
            ].joined(separator: "\n"))
    }
}
