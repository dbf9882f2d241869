/// Where the provider's key is to be read from. Names the place, never the key.
enum APIKeySource: Equatable, Sendable, CustomStringConvertible {
    case environment
    case file(String)
    /// A file that systemd put there for us (`LoadCredential=provider_api_key:…`).
    case credential(String)

    static let variable = "REELGATE_PROVIDER_API_KEY"
    static let credentialName = "provider_api_key"

    var description: String {
        switch self {
        case .environment: "REELGATE_PROVIDER_API_KEY"
        case .file(let path): "the file \(path)"
        case .credential: "the systemd credential provider_api_key"
        }
    }

    /// The one place where a key is given. Of the file of settings and the environment the environment wins;
    /// two places of the same rank are a fault, since nobody could say which key is spent.
    static func choose(
        _ settings: Settings, environment: [String: String], fileExists: (String) -> Bool
    ) throws(SettingsError) -> APIKeySource {
        func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

        var sources: [APIKeySource] = []
        if given(variable) != nil { sources.append(.environment) }
        // The settings already hold what REELGATE_PROVIDER_API_KEY_FILE says.
        let isFileOverridden = given(variable) != nil && given("\(variable)_FILE") == nil
        if let path = settings.provider.apiKeyFile, !isFileOverridden { sources.append(.file(path)) }
        if let path = given("CREDENTIALS_DIRECTORY").map({ "\($0)/\(credentialName)" }), fileExists(path) {
            sources.append(.credential(path))
        }
        if sources.count == 1 { return sources[0] }
        throw sources.isEmpty ? missing : ambiguous(sources)
    }

    /// What a person is told who gave no key at all.
    static var missing: SettingsError {
        SettingsError(faults: [
            SettingIssue(
                origin: .builtIn, key: "provider.api_key_file", message: "no key for the provider is given",
                remedy: "write it to a file with mode 600 and name that in provider.api_key_file,"
                    + " or set \(variable), or give systemd the credential \(credentialName)")
        ])
    }

    private static func ambiguous(_ sources: [APIKeySource]) -> SettingsError {
        let places = sources.map(\.description).joined(separator: " and ")
        return SettingsError(faults: [
            SettingIssue(
                origin: .builtIn, key: "provider.api_key_file", message: "keys are given in \(places)",
                remedy: "keep one of them")
        ])
    }
}
