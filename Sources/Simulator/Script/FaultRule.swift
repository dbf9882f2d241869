import JSONText

/// One rule: the calls that it matches, which of them it acts on, and its actions.
struct FaultRule: Sendable {
    /// The kinds of calls; `nil` for the kind that the actions require, otherwise any.
    var kinds: Set<ProviderCall.Kind>?
    /// A text that the path must contain.
    var path: String?
    /// A text that the prompt of the job must contain.
    var prompt: String?
    /// Members that a create's body must have; `null` also matches a missing member.
    var body: [JSONObject.Member] = []
    /// Matches requests for a result only while its link lives for longer than this.
    var linkLifeOver: Duration?
    /// The number of the first matching call that it acts on, from 1, since the script was set.
    var nth: Int?
    /// The number of consecutive calls that it acts on; by default one if `nth` is set, otherwise all.
    var times: Int?
    var actions = FaultActions()

    private(set) var matched = 0
    private(set) var acted = 0

    /// Counts a matching call and returns whether the rule acts on it.
    mutating func isDue(for call: ProviderCall) -> Bool {
        guard matches(call.kind), path.map(call.path.contains) ?? true,
            prompt.map({ call.prompt?.contains($0) ?? false }) ?? true,
            body.isEmpty || call.body.map(matches) ?? false,
            linkLifeOver.map({ $0 < call.linkLife ?? .zero }) ?? true
        else { return false }
        matched += 1
        let first = nth ?? 1
        let count = times ?? (nth == nil ? Int.max : 1)
        return matched >= first && matched - first < count
    }

    private func matches(_ sent: JSONValue) -> Bool {
        body.allSatisfy { sent[$0.name] ?? .null == $0.value }
    }

    private func matches(_ kind: ProviderCall.Kind) -> Bool {
        if let kinds { return kinds.contains(kind) }
        // A gateway asks for the models by itself, so a rule for any call is not used up by that.
        if !actions.omittedModels.isEmpty { return kind == .models }
        if kind == .models { return path?.contains("models") ?? false }
        if actions.failure != nil { return kind == .create }
        if actions.unknownStatus != nil || actions.completedWithoutResults { return kind == .status }
        if actions.concernsContent { return kind == .content }
        return true
    }

    /// Counts the action and returns the actions.
    mutating func act() -> FaultActions {
        acted += 1
        return actions
    }
}
