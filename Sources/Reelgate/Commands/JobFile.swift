import JSONText
import VideoJobs
import YAMLText

/// A file that holds one job, as a client would send it.
struct JobFile {
    var path: String
    /// The longest body that the gateway would take, in bytes.
    var limit: Int

    /// Everything that is wrong with the job, each with its line.
    func faults(by catalog: ModelCatalog) -> [SettingIssue] {
        let bytes: [UInt8]
        do throws(LocalFile.Failure) {
            bytes = try LocalFile.read(path, limit: limit)
        } catch {
            return [SettingIssue(origin: .file(path, line: nil), key: "", message: error.message)]
        }
        do throws(JobValidationError) {
            _ = try catalog.validate(bytes, limits: JSONLimits(bytes: limit))
            return []
        } catch {
            return faults(error, in: bytes)
        }
    }

    private func faults(_ rejection: JobValidationError, in bytes: [UInt8]) -> [SettingIssue] {
        switch rejection {
        case .malformed(let fault):
            let message = "column \(fault.column): \(fault.message)"
            return [SettingIssue(origin: .file(path, line: fault.line), key: "", message: message)]
        case .unknownModel(let fault):
            return [self.fault(fault, lines: lines(of: bytes))]
        case .invalid(let faults):
            let lines = lines(of: bytes)
            return faults.map { fault($0, lines: lines) }
        }
    }

    private func fault(_ fault: JobIssue, lines: (String) -> Int?) -> SettingIssue {
        SettingIssue(
            origin: .file(path, line: lines(fault.pointer)), key: fault.pointer, message: fault.message,
            remedy: fault.hint)
    }

    /// Lines by pointer. Nearly all JSON is YAML, whose reader remembers lines; of the rest only the file
    /// is named.
    private func lines(of bytes: [UInt8]) -> (String) -> Int? {
        guard let document = try? YAMLDocument(parsing: bytes) else { return { _ in nil } }
        return { document.line(of: $0) }
    }
}
