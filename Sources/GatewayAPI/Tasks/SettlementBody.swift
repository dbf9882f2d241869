import GatewayProtocol
import HTTPServing
import JSONText
import VideoJobs

/// Reads the body of a settlement, as strictly as a job.
struct SettlementBody: Sendable {
    private static let providerTaskID = TaskMember.providerTaskID.rawValue

    private let action: SettlementAction

    init(_ action: SettlementAction) { self.action = action }

    /// Returns the settlement that the request asks for, or throws every violation at once.
    func settlement(_ request: RouteRequest) throws(Problem) -> TaskLifecycle.Settlement {
        let object = try object(request)
        let names = object.members.map(\.name)
        var issues = names.filter { !fields.contains(where: $0.isIdentical) }.map { unknownField($0) }
        var settlement: TaskLifecycle.Settlement?
        switch action {
        case .dismiss: settlement = .dismiss
        case .resubmit: settlement = .resubmit
        case .adopt:
            let value = object[Self.providerTaskID]
            settlement = value?.string.flatMap(ProviderTaskID.init(validating:)).map { .adopt($0) }
            if settlement == nil { issues.append(Self.invalidProviderTaskID(value)) }
        }
        if let settlement, issues.isEmpty { return settlement }
        let count = issues.count == 1 ? "1 issue" : "\(issues.count) issues"
        var problem = Problem(.invalidParameters, "\(count) in the body")
        problem.issues = Array(issues.prefix(ModelCatalog.issuesMax))
        throw problem
    }

    private var fields: [String] { action == .adopt ? [Self.providerTaskID] : [] }

    private func object(_ request: RouteRequest) throws(Problem) -> JSONObject {
        if request.body.isEmpty, action != .adopt { return JSONObject() }
        guard let object = try JSONBody.parse(request).object else {
            let message = "the body must be a JSON object"
            throw Problem(.invalidParameters, message)
                .adding(RequestIssue(.pointer(""), .wrongType, message))
        }
        return object
    }

    private func unknownField(_ name: String) -> RequestIssue {
        let pointer = JSONPointer.root.appending(name).description
        var issue = RequestIssue(.pointer(pointer), .unknownField, "\(action.rawValue) has no such field")
        issue.hint = NearestName.find(name, among: fields).map { "did you mean \($0)?" }
        return issue
    }

    private static func invalidProviderTaskID(_ value: JSONValue?) -> RequestIssue {
        let location = IssueLocation.pointer("/\(providerTaskID)")
        guard let value else { return RequestIssue(location, .required, "\(providerTaskID) is missing") }
        return RequestIssue(
            location, value.string == nil ? .wrongType : .notAllowed,
            "\(providerTaskID) must be a string of 1 to 256 visible ASCII characters")
    }
}
