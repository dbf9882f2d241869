import Gateway
import VideoJobs
import WebhookClient

extension Configuration {
    /// Reads the URLs and templates of `notify`. Throws every issue; none contains a URL.
    func readReceivers() throws(SettingsError) -> [NoticeReceiver] {
        var receivers: [NoticeReceiver] = []
        var issues: [SettingIssue] = []
        for (index, entry) in settings.notify.enumerated() {
            let url = collect("notify.\(index).url_file", entry.urlFile, &issues) {
                () throws(LocalFileError) in try NoticeURL(file: entry.urlFile)
            }
            let format = format(of: entry, at: index, &issues)
            guard let url, let format else { continue }
            receivers.append(
                NoticeReceiver(file: entry.urlFile, url: url, format: format, events: Set(entry.events)))
        }
        guard issues.isEmpty else { throw SettingsError(issues: issues) }
        return receivers
    }

    private func format(
        of entry: Settings.Receiver, at index: Int, _ issues: inout [SettingIssue]
    ) -> NoticeFormat? {
        if let preset = NoticePreset(rawValue: entry.template) { return NoticeFormat(preset) }
        let key = "notify.\(index).template"
        let bytes = collect(key, entry.template, &issues) { () throws(LocalFileError) in
            guard LocalFile.exists(entry.template) else { throw Self.noTemplate(entry.template) }
            return try LocalFile.read(entry.template, limit: NoticeTemplate.bytesMax)
        }
        guard let bytes else { return nil }
        do throws(NoticeTemplateError) {
            let isNamedJSON = entry.template.lowercased().hasSuffix(".json")
            let template = try NoticeTemplate(bytes, isNamedJSON: isNamedJSON)
            return NoticeFormat(name: entry.template, template)
        } catch {
            issues.append(
                SettingIssue(
                    origin: .file(entry.template, line: error.line), key: key, message: error.message,
                    remedy: error.remedy))
            return nil
        }
    }

    private static func noTemplate(_ name: String) -> LocalFileError {
        let presets = NoticePreset.allCases.map(\.rawValue)
        let nearest = NearestName.find(name, among: presets)
        return LocalFileError(
            message: "it is neither a template that is built in nor a file",
            remedy: nearest.map { "did you mean \($0)?" }
                ?? "write \(presets.joined(separator: ", ")), or the name of a file")
    }

    private func collect<Value>(
        _ key: String, _ path: String, _ issues: inout [SettingIssue],
        _ body: () throws(LocalFileError) -> Value
    ) -> Value? {
        do throws(LocalFileError) {
            return try body()
        } catch {
            issues.append(
                SettingIssue(
                    origin: origin(of: key), key: key, message: "\(path): \(error.message)",
                    remedy: error.remedy))
            return nil
        }
    }
}

extension NoticeURL {
    private static let fileMax = 4_096

    /// Reads a file with one URL, which nobody else may read.
    fileprivate init(file path: String) throws(LocalFileError) {
        let bytes = try SecretFile(path: path, protection: .ownerOnly).read(limit: Self.fileMax)
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let remedy = "write only the URL into it, like https://hooks.example.com/…, on one line"
        guard let line = lines.first else { throw LocalFileError(message: "it is empty", remedy: remedy) }
        guard lines.count == 1 else {
            throw LocalFileError(message: "it has more than one line", remedy: remedy)
        }
        guard let url = NoticeURL(String(line)) else {
            throw LocalFileError(
                message: "it does not contain one http or https URL without user and password",
                remedy: remedy)
        }
        self = url
    }
}
