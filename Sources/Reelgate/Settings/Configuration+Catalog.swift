import JSONText
import VideoJobs
import YAMLText

extension ConfigurationText {
    /// Returns the line of a JSON Pointer's target in this text.
    var lines: (String) -> Int? {
        guard let document = try? YAMLDocument(parsing: bytes) else { return { _ in nil } }
        return { document.line(of: $0) }
    }

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
