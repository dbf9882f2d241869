/// A value that is invalid for its key.
struct SettingValueError: Error, Equatable {
    var message: String
    var remedy: String?

    init(_ message: String, remedy: String? = nil) {
        self.message = message
        self.remedy = remedy
    }
}
