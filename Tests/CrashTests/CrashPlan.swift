import CrashPoints

/// How one gateway lives and dies, drawn from a seed.
struct LifePlan: Sendable {
    enum Death: Sendable {
        /// Killed this long after its start, most likely before it listens.
        case whileStarting(after: Duration)
        /// Killed this long after it began to listen.
        case underLoad(after: Duration)
        /// Ends itself at a step; killed after a while if it never comes there.
        case at(String)
    }

    var death: Death
    /// New jobs that clients may send it.
    var jobs: Int
    /// Clients at once.
    var clients: Int

    /// Draws the next life: a seventh dies at its start, a quarter at a named step.
    init(using random: inout some RandomNumberGenerator) {
        jobs = Int.random(in: 0...12, using: &random)
        clients = Int.random(in: 1...8, using: &random)
        switch Int.random(in: 0..<28, using: &random) {
        case 0..<4: death = .whileStarting(after: .milliseconds(Int.random(in: 0...220, using: &random)))
        case 4..<11:
            let point = CrashPoint.allCases.randomElement(using: &random) ?? .committing
            death = .at("\(point):\(Int.random(in: 1...12, using: &random))")
        default: death = .underLoad(after: .milliseconds(Int.random(in: 0...150, using: &random)))
        }
    }

    var crashPoint: String? { if case .at(let point) = death { point } else { nil } }
}

/// How the provider misbehaves while one store is tormented, drawn from a seed.
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
