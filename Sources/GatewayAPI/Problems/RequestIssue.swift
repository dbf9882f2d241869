package import Gateway
package import GatewayProtocol
package import JSONText
package import VideoJobs

/// One thing that is wrong with a request: an element of the member `errors`.
package struct RequestIssue: Equatable, Sendable {
    package var location: IssueLocation
    package var code: String
    package var message: String
    package var allowed: [JSONValue]?
    package var hint: String?
    /// Line and column of the first error in a body that is not JSON.
    package var position: JSONError?

    package init(_ location: IssueLocation, code: String, _ message: String) {
        self.location = location
        self.code = code
        self.message = message
    }

    package init(_ location: IssueLocation, _ code: IssueCode, _ message: String) {
        self.init(location, code: code.rawValue, message)
    }

    package init(_ location: IssueLocation, _ code: ProblemCode, _ message: String) {
        self.init(location, code: code.rawValue, message)
    }

    /// A rule that the job breaks.
    package init(_ issue: JobIssue) {
        self.init(.pointer(issue.pointer), code: issue.code, issue.message)
        allowed = issue.allowed
        hint = issue.hint
    }

    /// A reason why the gateway is not ready.
    package init(_ issue: ReadinessIssue) {
        self.init(.none, code: issue.code, issue.message)
    }
}
