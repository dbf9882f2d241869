import VideoJobs

extension Client {
    /// Describes what differs from the client before the change, or from a new one; `nil` if nothing does.
    /// Contains no token.
    func changes(from before: Client?) -> String? {
        let before = before ?? Client(name: name, created: created)
        var changes: [String] = []
        if role != before.role { changes.append("role \(role.rawValue)") }
        if models != before.models { changes.append("models \(models?.joined(separator: " ") ?? "all")") }
        let limits: [(String, KeyPath<ClientLimits, Int?>)] = [
            ("requests_per_minute", \.requestsPerMinute), ("in_flight", \.inFlight),
            ("jobs_per_day", \.jobsPerDay),
        ]
        for (name, limit) in limits where self.limits[keyPath: limit] != before.limits[keyPath: limit] {
            changes.append("\(name) \(self.limits[keyPath: limit].map(String.init) ?? "none")")
        }
        if budget != before.budget { changes.append("budget \(budget?.auditText ?? "none")") }
        if weight != before.weight { changes.append("weight \(weight)") }
        if tokens != before.tokens { changes.append("valid tokens \(tokens.count)") }
        return changes.isEmpty ? nil : changes.joined(separator: ", ")
    }
}

extension ClientBudget {
    fileprivate var auditText: String { "$\(Dollars.text(microdollars)) per \(period.rawValue)" }
}
