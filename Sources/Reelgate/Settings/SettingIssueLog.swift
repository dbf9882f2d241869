import JSONText

/// Issues and sources collected while a configuration file is read.
final class SettingIssueLog {
    let file: String
    private let line: (String) -> Int?
    private(set) var issues: [SettingIssue] = []
    /// The source of each given key, by its full name.
    private(set) var origins: [String: SettingOrigin] = [:]

    init(file: String, line: @escaping (String) -> Int?) {
        self.file = file
        self.line = line
    }

    func origin(of path: [String]) -> SettingOrigin {
        .file(file, line: line(JSONPointer(tokens: path).description))
    }

    func record(_ path: [String]) { origins[path.joined(separator: ".")] = origin(of: path) }

    func add(_ path: [String], _ error: SettingValueError) {
        let key = path.joined(separator: ".")
        issues.append(
            SettingIssue(origin: origin(of: path), key: key, message: error.message, remedy: error.remedy))
    }
}
