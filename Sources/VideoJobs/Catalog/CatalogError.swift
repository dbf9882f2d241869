/// All errors of a catalog.
package struct CatalogError: Error, Equatable, Sendable {
    package var issues: [CatalogIssue]

    package init(_ issues: [CatalogIssue]) { self.issues = issues }
}
