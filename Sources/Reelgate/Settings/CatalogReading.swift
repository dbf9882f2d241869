import JSONText
import ProviderClient
import VideoJobs
import YAMLText

extension ConfigurationText {
    /// Reads this text as a catalog of models. Throws every fault at once, with its line.
    func readCatalog() throws(SettingsError) -> ModelCatalog {
        let document: YAMLDocument
        do {
            document = try YAMLDocument(parsing: bytes)
        } catch {
            let origin = SettingOrigin.file(name, line: error.line)
            throw SettingsError(faults: [SettingIssue(origin: origin, key: "", message: error.message)])
        }
        do {
            return try ModelCatalog(decoding: document.value)
        } catch {
            throw SettingsError(
                faults: error.issues.map { issue in
                    let origin = SettingOrigin.file(name, line: document.line(of: issue.pointer))
                    return SettingIssue(
                        origin: origin, key: issue.pointer, message: issue.message, remedy: issue.hint)
                })
        }
    }
}

extension Configuration {
    /// Reads the provider's key from the one place where it is given. Errors say the place, never the key.
    func readKey() throws(SettingsError) -> APIKey {
        let source = try APIKeySource.choose(settings, environment: environment, fileExists: LocalFile.exists)
        do {
            return try APIKey(try text(of: source))
        } catch let fault as APIKeyError {
            throw source.failure(fault.description)
        } catch let failure as LocalFile.Failure {
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
        let fault = SettingIssue(
            origin: .builtIn, key: "provider.api_key_file", message: "\(self): \(message)",
            remedy: "put the bare key there, alone on one line")
        return SettingsError(faults: [fault])
    }
}
