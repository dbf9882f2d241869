/// All issues of a configuration, in the order of the file's lines.
struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    var issues: [SettingIssue]

    var description: String { issues.map(\.description).joined(separator: "\n") }
}
