import HTTPServing
import JSONText

extension FaultScript {
    /// Parses a script. Unknown keys are errors.
    init(parsing text: [UInt8]) throws(ScriptError) {
        let root = try JSONCursor(parsing: text)
        guard let list = root.value.array else { throw root.error("a script is a list of rules") }
        guard list.count <= Self.rulesMax else {
            throw root.error("a script has at most \(Self.rulesMax) rules")
        }
        var rules: [FaultRule] = []
        for (index, element) in list.enumerated() {
            rules.append(try FaultRule(JSONCursor(element, JSONPointer.root.appending(index))))
        }
        self.init(rules)
    }
}

extension FaultRule {
    fileprivate init(_ cursor: JSONCursor) throws(ScriptError) {
        var keys: Set<String> = []
        for (name, member) in try cursor.members(["match", "times", "do"]) {
            keys.insert(name)
            switch name {
            case "match": try readMatch(member)
            case "times": times = try member.integer(1...1_000_000)
            default: actions = try FaultActions(member)
            }
        }
        guard keys.contains("do") else { throw cursor.error("has no \"do\"") }
        let possible = actions.possibleKinds
        guard !possible.isEmpty else { throw cursor.error("\(actions.names) cannot be combined") }
        guard actions.reply != .cut(.request) || prompt == nil && body.isEmpty else {
            throw cursor.error("a request that is cut has no prompt or body: match it by nth or path")
        }
        guard body.isEmpty || kinds ?? [.create] == [.create] else {
            throw cursor.error("only a create has a body")
        }
        guard kinds?.isSubset(of: possible) ?? true else {
            let names = possible.map(\.rawValue).sorted().joined(separator: " or ")
            throw cursor.error("\(actions.names) needs a call of kind \(names)")
        }
    }

    private mutating func readMatch(_ cursor: JSONCursor) throws(ScriptError) {
        for (name, member) in try cursor.members(["kind", "path", "prompt", "body", "nth", "life_over"]) {
            switch name {
            case "kind": kinds = [try member.choice(ProviderCall.Kind.self)]
            case "path": path = try member.string()
            case "prompt": prompt = try member.string()
            case "body":
                guard let members = member.value.object?.members, !members.isEmpty else {
                    throw member.error("is an object of members that the body must have")
                }
                body = members
            case "life_over": linkLifeOver = try member.duration()
            default: nth = try member.integer(1...1_000_000_000)
            }
        }
    }
}

extension FaultActions {
    /// The maximum padding in bytes: 1 TiB.
    private static let paddingMax: Int64 = 1 << 40
    private static let paddingChunk = 256 * 1024

    private static let keys = [
        "status", "retry_after", "delay", "cut", "hang", "garbage", "accept", "fail", "unknown_status",
        "completed_without_results", "expire_links", "truncate_content", "redirect", "byte_delay", "padding",
        "close", "reply", "ignore_range", "omit_models",
        // Earlier names of `byte_delay` and `padding`.
        "drip", "flood",
    ]

    fileprivate init(_ cursor: JSONCursor) throws(ScriptError) {
        let members = try cursor.members(Self.keys)
        guard !members.isEmpty else { throw cursor.error("has no action") }
        names = members.map(\.name).joined(separator: " ")
        for (name, member) in members { try read(name, member) }
        try readReply(members, at: cursor)
    }

    private mutating func read(_ name: String, _ cursor: JSONCursor) throws(ScriptError) {
        switch name {
        case "delay": delay = try cursor.duration()
        case "fail": failure = try SimulatedTask.GenerationError(cursor)
        case "unknown_status": unknownStatus = cursor.value.bool == true ? "dreaming" : try cursor.string()
        case "completed_without_results":
            try cursor.requireTrue()
            completedWithoutResults = true
        case "expire_links":
            try cursor.requireTrue()
            expireLinks = true
        case "byte_delay", "drip":
            // One byte at a time, with a pause between any two.
            throttle = ThrottledBody(
                chunkSize: 1, delay: try cursor.duration(), padding: throttle?.padding ?? 0)
        case "padding", "flood":
            let padding = try cursor.integer(1...Self.paddingMax)
            throttle = ThrottledBody(
                chunkSize: Self.paddingChunk, delay: .milliseconds(1), padding: Int64(padding))
        case "close":
            try cursor.requireTrue()
            closes = true
        case "truncate_content":
            truncation = try Truncation(cursor)
        case "omit_models":
            guard let ids = cursor.value.array?.compactMap(\.string), !ids.isEmpty else {
                throw cursor.error("is a list of the ids of models")
            }
            omittedModels = ids
        case "ignore_range":
            try cursor.requireTrue()
            ignoresRange = true
        default: break  // Read by `readReply`.
        }
    }

    /// Reads the members that together determine the response.
    private mutating func readReply(
        _ members: [(name: String, cursor: JSONCursor)], at cursor: JSONCursor
    ) throws(ScriptError) {
        var status: Int?
        var retryAfter: String?
        var others: [Reply] = []
        var accept: Bool?
        for (name, member) in members {
            switch name {
            case "status": status = try member.integer(200...599)
            case "retry_after":
                if let date = member.value.string {
                    retryAfter = date
                } else {
                    retryAfter = String(try member.integer(0...1_000_000))
                }
            case "cut": others.append(.cut(try member.choice(Cut.self)))
            case "hang":
                try member.requireTrue()
                others.append(.hang)
            case "garbage":
                try member.requireTrue()
                others.append(.garbage(status: 200))
            case "redirect": others.append(.redirect(status: 307, to: try member.string()))
            case "reply": others.append(.written(try ScriptedReply(member)))
            case "accept": accept = try member.bool()
            default: break
            }
        }
        guard others.count < 2 else { throw cursor.error("\(names) cannot be combined") }
        reply = try Self.reply(others.first, status, retryAfter, at: cursor)
        accepts = accept ?? reply?.acceptsByDefault ?? true
        if accept != nil, !allowsAccept { throw cursor.error("accept cannot be combined with \(names)") }
    }

    private static func reply(
        _ other: Reply?, _ status: Int?, _ retryAfter: String?, at cursor: JSONCursor
    ) throws(ScriptError) -> Reply? {
        switch (other, status) {
        case (.garbage?, _) where retryAfter == nil: return .garbage(status: status ?? 200)
        case (.redirect(let usual, let location)?, _) where retryAfter == nil:
            return .redirect(status: status ?? usual, to: location)
        case (let other?, nil) where retryAfter == nil: return other
        case (nil, let status?): return .status(status, retryAfter: retryAfter)
        case (nil, nil) where retryAfter == nil: return nil
        case (nil, nil): throw cursor.error("retry_after needs a status")
        case (_?, _):
            throw cursor.error("status and retry_after cannot be combined with cut, hang, garbage or reply")
        }
    }

    /// Whether `accept` has a meaning: a cut determines acceptance itself, and without a reply it is
    /// ordinary.
    private var allowsAccept: Bool {
        switch reply {
        case .status, .garbage, .redirect, .hang, .written: true
        case .cut, nil: false
        }
    }

    /// The kinds of calls that all actions apply to.
    fileprivate var possibleKinds: Set<ProviderCall.Kind> {
        var kinds = Set(ProviderCall.Kind.allCases)
        if failure != nil { kinds.formIntersection([.create, .status]) }
        if unknownStatus != nil || completedWithoutResults { kinds.formIntersection([.status]) }
        if concernsContent { kinds.formIntersection([.content]) }
        if !omittedModels.isEmpty { kinds.formIntersection([.models]) }
        if reply == .cut(.request) { kinds.formIntersection([.create]) }
        return kinds
    }
}

extension FaultActions.Reply {
    /// Whether a create with this response is accepted unless the script determines it.
    fileprivate var acceptsByDefault: Bool {
        switch self {
        case .status(let status, _), .garbage(let status): status < 300
        case .redirect: false
        case .cut(let cut): cut != .before && cut != .request
        case .hang: true
        case .written(let reply): reply.status < 300
        }
    }
}

extension FaultActions.Truncation {
    fileprivate init(_ cursor: JSONCursor) throws(ScriptError) {
        if cursor.value.bool == true {
            self = .cut(after: nil)
        } else if cursor.value.integer != nil {
            self = .cut(after: try cursor.integer(0...1_000_000_000))
        } else {
            self = try cursor.choice(Name.self) == .short ? .short : .cut(after: nil)
        }
    }
}

extension SimulatedTask.GenerationError {
    fileprivate init(_ cursor: JSONCursor) throws(ScriptError) {
        code = "generation_failed_no_content"
        message = "the script makes this generation fail"
        if cursor.value.bool == true { return }
        if cursor.value.object == nil {
            code = try cursor.string()
            return
        }
        for (name, member) in try cursor.members(["code", "message"]) {
            if name == "code" { code = try member.string() } else { message = try member.string() }
        }
    }
}
