/// All issues with the files of one listener; never empty.
package struct TLSError: Error, Equatable, Sendable {
    package var issues: [TLSIssue]
}
