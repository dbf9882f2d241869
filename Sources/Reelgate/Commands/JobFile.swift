import JSONText
import VideoJobs
import YAMLText

/// A file with one job, as a client would send it.
struct JobFile {
    var path: String
    /// The gateway's limit for a request body, in bytes.
    var limit: Int

    /// Returns all issues of the job, with their lines.
    func issues(by catalog: ModelCatalog) -> [SettingIssue] {
        let bytes: [UInt8]
        do throws(LocalFileError) {
            bytes = try LocalFile.read(path, limit: limit)
        } catch {
            return [SettingIssue(origin: .file(path, line: nil), key: "", message: error.message)]
        }
        do throws(JobValidationError) {
            _ = try catalog.validate(bytes, limits: JSONLimits(bytes: limit))
            return []
        } catch {
            return issues(error, in: bytes)
        }
    }

    private func issues(_ rejection: JobValidationError, in bytes: [UInt8]) -> [SettingIssue] {
        switch rejection {
        case .malformed(let issue):
            let message = "column \(issue.column): \(issue.message)"
            return [SettingIssue(origin: .file(path, line: issue.line), key: "", message: message)]
        case .unknownModel(let issue), .modelRetired(let issue):
            return [self.issue(issue, lines: lines(of: bytes))]
        case .invalid(let issues):
            let lines = lines(of: bytes)
            return issues.map { issue($0, lines: lines) }
        }
    }

    private func issue(_ issue: JobIssue, lines: (String) -> Int?) -> SettingIssue {
        SettingIssue(
            origin: .file(path, line: lines(issue.pointer)), key: issue.pointer, message: issue.message,
            remedy: issue.hint)
    }

    /// Returns a function from pointers to lines. Nearly all JSON is also YAML, whose parser records lines;
    /// for other files there are no lines.
    private func lines(of bytes: [UInt8]) -> (String) -> Int? {
        guard let document = try? YAMLDocument(parsing: bytes) else { return { _ in nil } }
        return { document.line(of: $0) }
    }
}
