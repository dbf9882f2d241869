import ProviderClient

extension Configuration {
    /// Reads the provider's key from its source. Errors name the source, never the key.
    func readKey() throws(SettingsError) -> ProviderKey {
        try readKey(
            from: APIKeySource.choose(settings, environment: environment, fileExists: LocalFile.exists))
    }

    /// Reads the provider's key from a source. Errors name the source and the line that sets it.
    func readKey(from source: APIKeySource) throws(SettingsError) -> ProviderKey {
        do throws(SettingsError) {
            return ProviderKey(source: source, key: try source.readKey(environment: environment))
        } catch {
            var located = error
            for index in located.issues.indices where located.issues[index].origin == .builtIn {
                located.issues[index].origin = origin(of: source)
            }
            throw located
        }
    }

    private func origin(of source: APIKeySource) -> SettingOrigin {
        switch source {
        case .environment: return .environment(APIKeySource.variable)
        case .credential: return .builtIn
        case .file:
            let variable = "\(APIKeySource.variable)_FILE"
            let isOverridden = environment[variable].map { !$0.isEmpty } ?? false
            return isOverridden ? .environment(variable) : origin(of: "provider.api_key_file")
        }
    }
}

extension APIKeySource {
    /// Reads the key. Errors name the source, never the key.
    ///
    /// - Parameter environment: the variables at the start of the process.
    func readKey(environment: [String: String]) throws(SettingsError) -> APIKey {
        let text: String
        do throws(LocalFileError) { text = try self.text(environment) } catch {
            throw issue(error.message, remedy: error.remedy)
        }
        do throws(APIKeyError) { return try APIKey(text) } catch { throw issue(error.description) }
    }

    private func text(_ environment: [String: String]) throws(LocalFileError) -> String {
        switch self {
        case .environment: return environment[Self.variable] ?? ""
        case .file(let path): return try Self.text(of: SecretFile(path: path, protection: .ownerOnly))
        case .credential(let path):
            return try Self.text(of: SecretFile(path: path, protection: .credential))
        }
    }

    private static func text(of file: SecretFile) throws(LocalFileError) -> String {
        String(decoding: try file.read(limit: APIKey.lengthMax + 2), as: UTF8.self)
    }

    private func issue(_ message: String, remedy: String? = nil) -> SettingsError {
        let issue = SettingIssue(
            origin: .builtIn, key: "provider.api_key_file", message: "\(self): \(message)",
            remedy: remedy ?? "the file or variable must contain only the key, on one line")
        return SettingsError(issues: [issue])
    }
}
