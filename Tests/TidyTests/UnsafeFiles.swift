/// The files that may leave Swift's memory safety, each with its reason: together, the audit list.
enum UnsafeFiles {
    static let reasons: [String: String] = [:]
}
