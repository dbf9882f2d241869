import JSONText
import ProviderClient
import VideoJobs
import YAMLText

extension ConfigurationText {
    /// Parses this text as a model catalog. Throws all issues with their lines.
    func readCatalog() throws(SettingsError) -> ModelCatalog {
        let document: YAMLDocument
        do {
            document = try YAMLDocument(parsing: bytes)
        } catch {
            let origin = SettingOrigin.file(name, line: error.line)
            throw SettingsError(issues: [SettingIssue(origin: origin, key: "", message: error.message)])
        }
        do {
            return try ModelCatalog(decoding: document.value)
        } catch {
            throw SettingsError(
                issues: error.issues.map { issue in
                    let origin = SettingOrigin.file(name, line: document.line(of: issue.pointer))
                    return SettingIssue(
                        origin: origin, key: issue.pointer, message: issue.message, remedy: issue.hint)
                })
        }
    }
}

extension Configuration {
    /// Reads the provider's key from its source. Errors name the source, never the key.
    func readKey() throws(SettingsError) -> APIKey {
        let source = try APIKeySource.choose(settings, environment: environment, fileExists: LocalFile.exists)
        do {
            return try APIKey(try text(of: source))
        } catch let issue as APIKeyError {
            throw source.failure(issue.description)
        } catch let failure as LocalFileError {
            throw source.failure(failure.message)
        } catch {
            throw source.failure("it cannot be read")
        }
    }

    private func text(of source: APIKeySource) throws -> String {
        switch source {
        case .environment: environment[APIKeySource.variable] ?? ""
        case .file(let path), .credential(let path):
            String(decoding: try LocalFile.read(path, limit: APIKey.lengthMax + 2), as: UTF8.self)
        }
    }
}

extension APIKeySource {
    fileprivate func failure(_ message: String) -> SettingsError {
        let issue = SettingIssue(
            origin: .builtIn, key: "provider.api_key_file", message: "\(self): \(message)",
            remedy: "the file or variable must contain only the key, on one line")
        return SettingsError(issues: [issue])
    }
}
