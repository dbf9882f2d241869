/// The fault rules of the provider for one store, derived from a seed.
struct FaultPlan {
    let rules: String

    init(using random: inout some RandomNumberGenerator) {
        let creates = [
            #"{"status":429,"retry_after":0}"#, #"{"status":503}"#, #"{"cut":"before"}"#, #"{"cut":"after"}"#,
            #"{"cut":"within"}"#, #"{"status":500}"#, #"{"status":500,"accept":true}"#, #"{"status":422}"#,
            #"{"garbage":true}"#, #"{"delay":"300ms"}"#, #"{"fail":true}"#,
        ]
        let polls = [
            #"{"status":500}"#, #"{"cut":"within"}"#, #"{"delay":"200ms"}"#,
            #"{"completed_without_results":true}"#,
        ]
        let contents = [#"{"status":503}"#, #"{"truncate_content":"cut"}"#, #"{"delay":"100ms"}"#]
        var rules: [String] = []
        for (kind, actions, count, last) in [
            ("create", creates, 6, 60), ("status", polls, 4, 300), ("content", contents, 1, 40),
        ] {
            for _ in 0..<count {
                let nth = Int.random(in: 1...last, using: &random)
                let action = actions.randomElement(using: &random) ?? actions[0]
                rules.append(#"{"match":{"kind":"\#(kind)","nth":\#(nth)},"do":\#(action)}"#)
            }
        }
        self.rules = "[\(rules.joined(separator: ","))]"
    }
}
