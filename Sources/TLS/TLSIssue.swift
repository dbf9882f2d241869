/// An issue with a TLS file, for the operator who configured it.
package struct TLSIssue: Equatable, Sendable, CustomStringConvertible {
    /// The setting that names the file, within `tls`: `certificate`, `names.0.key`, ….
    package var setting: String
    /// The file and the issue.
    package var message: String
    /// How to fix it.
    package var remedy: String

    package init(setting: String, message: String, remedy: String) {
        self.setting = setting
        self.message = message
        self.remedy = remedy
    }

    /// One line: message and remedy.
    package var description: String { "\(message): \(remedy)" }
}
