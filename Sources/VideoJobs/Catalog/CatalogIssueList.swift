import JSONText

/// The issues collected while a catalog is decoded, so that all of them can be reported at once.
struct CatalogIssueList {
    private(set) var issues: [CatalogIssue] = []

    mutating func add(_ pointer: JSONPointer, _ message: String, hint: String? = nil) {
        issues.append(CatalogIssue(pointer: pointer.description, message: message, hint: hint))
    }

    /// Opens a mapping. Any key other than the given ones is an issue that suggests the nearest of them.
    mutating func section(_ value: JSONValue, at pointer: JSONPointer, keys: [String]) -> CatalogSection? {
        guard let object = value.object else {
            add(pointer, "expected a mapping, not \(value.kindName)")
            return nil
        }
        for member in object.members where !keys.contains(where: member.name.isIdentical) {
            let hint = NearestName.find(member.name, among: keys).map { "did you mean \($0)?" }
            add(pointer.appending(member.name), "unknown key \(member.name.shortened)", hint: hint)
        }
        return CatalogSection(object: object, pointer: pointer)
    }
}
