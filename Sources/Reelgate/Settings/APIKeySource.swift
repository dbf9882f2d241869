/// The source of the provider's key. Describes the location, never the key.
enum APIKeySource: Equatable, Sendable, CustomStringConvertible {
    case environment
    case file(String)
    /// A file provided by systemd (`LoadCredential=provider_api_key:…`).
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

    /// Returns the source of the key. The environment overrides the settings file; two sources of the same
    /// precedence are an error, because it would be unclear which key is billed.
    static func choose(
        _ settings: Settings, environment: [String: String], fileExists: (String) -> Bool
    ) throws(SettingsError) -> APIKeySource {
        func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

        var sources: [APIKeySource] = []
        if given(variable) != nil { sources.append(.environment) }
        // The settings already contain the value of REELGATE_PROVIDER_API_KEY_FILE.
        let isFileOverridden = given(variable) != nil && given("\(variable)_FILE") == nil
        if let path = settings.provider.apiKeyFile, !isFileOverridden { sources.append(.file(path)) }
        if let path = given("CREDENTIALS_DIRECTORY").map({ "\($0)/\(credentialName)" }), fileExists(path) {
            sources.append(.credential(path))
        }
        if sources.count == 1 { return sources[0] }
        throw sources.isEmpty ? missing : ambiguous(sources)
    }

    /// Returns where to read the key again with other settings: a file may have moved. A key that came from
    /// elsewhere is not searched for again.
    func following(_ settings: Settings?) -> APIKeySource {
        guard case .file = self, let path = settings?.provider.apiKeyFile else { return self }
        return .file(path)
    }

    /// The error for a missing key.
    static var missing: SettingsError {
        SettingsError(issues: [
            SettingIssue(
                origin: .builtIn, key: "provider.api_key_file", message: "no key for the provider is given",
                remedy: "write it to a file with mode 600 and set provider.api_key_file to its path,"
                    + " or set \(variable), or use the systemd credential \(credentialName);"
                    + " to try without a key, use the simulated provider: reelgate help simulate")
        ])
    }

    private static func ambiguous(_ sources: [APIKeySource]) -> SettingsError {
        let places = sources.map(\.description).joined(separator: " and ")
        return SettingsError(issues: [
            SettingIssue(
                origin: .builtIn, key: "provider.api_key_file", message: "keys are given in \(places)",
                remedy: "keep one of them")
        ])
    }
}
