/// What a receiver of notices is sent: a template and its name.
package struct NoticeFormat: Equatable, Sendable {
    /// The name of the preset or of the file.
    package let name: String
    package let template: NoticeTemplate
    /// Whether the title is sent as a field.
    let hasTitle: Bool
    /// The dialect of a preset; `nil` if the host decides.
    let dialect: NoticeDialect?

    /// Makes the format of a file.
    package init(name: String, _ template: NoticeTemplate) {
        self.init(name: name, template, hasTitle: false, dialect: nil)
    }

    private init(name: String, _ template: NoticeTemplate, hasTitle: Bool, dialect: NoticeDialect?) {
        self.name = name
        self.template = template
        self.hasTitle = hasTitle
        self.dialect = dialect
    }

    /// Makes the format of a preset.
    package init(_ preset: NoticePreset) {
        let dialect: NoticeDialect =
            switch preset {
            case .slack: .slack
            case .discord: .discord
            case .ntfy: .plain
            }
        do throws(NoticeTemplateError) {
            let template = try NoticeTemplate(Array(preset.text.utf8))
            self.init(name: preset.rawValue, template, hasTitle: preset == .ntfy, dialect: dialect)
        } catch {
            preconditionFailure("the template of a preset is invalid: \(error.message)")
        }
    }
}
