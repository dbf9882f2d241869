/// Why a text is no template of notices.
package struct NoticeTemplateError: Error, Equatable {
    /// From 1; `nil` for the text as a whole.
    package var line: Int?
    package var message: String
    package var remedy: String?
}
