import HTTPServing
import JSONText

extension FaultScript {
    /// Reads a script. Strict: what it does not know it names.
    init(parsing text: [UInt8]) throws(ScriptError) {
        let whole = try JSONCursor(parsing: text)
        guard let list = whole.value.array else { throw whole.fault("a script is a list of rules") }
        guard list.count <= Self.rulesMax else {
            throw whole.fault("a script has at most \(Self.rulesMax) rules")
        }
        var rules: [FaultRule] = []
        for (index, element) in list.enumerated() {
            rules.append(try FaultRule(JSONCursor(element, JSONPointer.root.appending(index))))
        }
        self.init(rules)
    }
}

extension FaultRule {
    fileprivate init(_ place: JSONCursor) throws(ScriptError) {
        var named: Set<String> = []
        for (name, member) in try place.members(["match", "times", "do"]) {
            named.insert(name)
            switch name {
            case "match": try readMatch(member)
            case "times": times = try member.integer(1...1_000_000)
            default: actions = try FaultActions(member)
            }
        }
        guard named.contains("do") else { throw place.fault("has no \"do\"") }
        let possible = actions.possibleKinds
        guard !possible.isEmpty else { throw place.fault("\(actions.message) cannot go together") }
        guard actions.reply != .cut(.request) || prompt == nil && body.isEmpty else {
            throw place.fault("a request that is cut has no prompt and no body yet: match it by nth or path")
        }
        guard body.isEmpty || kinds ?? [.create] == [.create] else {
            throw place.fault("only a create has a body")
        }
        guard kinds?.isSubset(of: possible) ?? true else {
            let names = possible.map(\.rawValue).sorted().joined(separator: " or ")
            throw place.fault("\(actions.message) needs a call of kind \(names)")
        }
    }

    private mutating func readMatch(_ place: JSONCursor) throws(ScriptError) {
        for (name, member) in try place.members(["kind", "path", "prompt", "body", "nth"]) {
            switch name {
            case "kind": kinds = [try member.word(ProviderCall.Kind.self)]
            case "path": path = try member.text()
            case "prompt": prompt = try member.text()
            case "body":
                guard let members = member.value.object?.members, !members.isEmpty else {
                    throw member.fault("is an object of members that the body must have")
                }
                body = members
            default: nth = try member.integer(1...1_000_000_000)
            }
        }
    }
}

extension FaultActions {
    /// The longest flood, in bytes: 1 TiB.
    private static let floodMax: Int64 = 1 << 40
    private static let floodPiece = 256 * 1024

    private static let keys = [
        "status", "retry_after", "delay", "cut", "hang", "garbage", "accept", "fail", "unknown_status",
        "completed_without_results", "expire_links", "truncate_content", "redirect", "drip", "flood", "close",
        "reply",
    ]

    fileprivate init(_ place: JSONCursor) throws(ScriptError) {
        let members = try place.members(Self.keys)
        guard !members.isEmpty else { throw place.fault("names nothing to do") }
        message = members.map(\.name).joined(separator: " ")
        for (name, member) in members { try read(name, member) }
        try readReply(members, at: place)
    }

    private mutating func read(_ name: String, _ place: JSONCursor) throws(ScriptError) {
        switch name {
        case "delay": delay = try place.duration()
        case "fail": failure = try SimulatedTask.Failure(place)
        case "unknown_status": unknownStatus = place.value.bool == true ? "dreaming" : try place.text()
        case "completed_without_results":
            try place.beTrue()
            completedWithoutResults = true
        case "expire_links":
            try place.beTrue()
            expireLinks = true
        case "drip":
            // A byte at a time: a pause between any two.
            trickle = ThrottledBody(piece: 1, pause: try place.duration(), filler: trickle?.filler ?? 0)
        case "flood":
            let filler = try place.integer(1...Self.floodMax)
            trickle = ThrottledBody(piece: Self.floodPiece, pause: .milliseconds(1), filler: Int64(filler))
        case "close":
            try place.beTrue()
            closes = true
        case "truncate_content":
            truncation = place.value.bool == true ? .cut : try place.word(Truncation.self)
        default: break  // A part of the reply.
        }
    }

    /// The members that together say what answer is sent.
    private mutating func readReply(
        _ members: [(name: String, place: JSONCursor)], at place: JSONCursor
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
            case "cut": others.append(.cut(try member.word(Cut.self)))
            case "hang":
                try member.beTrue()
                others.append(.hang)
            case "garbage":
                try member.beTrue()
                others.append(.garbage(status: 200))
            case "redirect": others.append(.redirect(status: 307, to: try member.text()))
            case "reply": others.append(.written(try ScriptedReply(member)))
            case "accept": accept = try member.truth()
            default: break
            }
        }
        guard others.count < 2 else { throw place.fault("\(message) cannot go together") }
        reply = try Self.reply(others.first, status, retryAfter, at: place)
        accepts = accept ?? reply?.acceptsByItself ?? true
        if accept != nil, !takesAccept { throw place.fault("accept does not go with \(message)") }
    }

    private static func reply(
        _ other: Reply?, _ status: Int?, _ retryAfter: String?, at place: JSONCursor
    ) throws(ScriptError) -> Reply? {
        switch (other, status) {
        case (.garbage?, _) where retryAfter == nil: return .garbage(status: status ?? 200)
        case (.redirect(let usual, let place)?, _) where retryAfter == nil:
            return .redirect(status: status ?? usual, to: place)
        case (let other?, nil) where retryAfter == nil: return other
        case (nil, let status?): return .status(status, retryAfter: retryAfter)
        case (nil, nil) where retryAfter == nil: return nil
        case (nil, nil): throw place.fault("retry_after needs a status")
        case (_?, _): throw place.fault("status and retry_after do not go with cut, hang, garbage or reply")
        }
    }

    /// Whether "accept" means anything: a cut has its own word for it, and no reply is the ordinary one.
    private var takesAccept: Bool {
        switch reply {
        case .status, .garbage, .redirect, .hang, .written: true
        case .cut, nil: false
        }
    }

    /// The kinds of calls to which every action can be done.
    fileprivate var possibleKinds: Set<ProviderCall.Kind> {
        var kinds = Set(ProviderCall.Kind.allCases)
        if failure != nil { kinds.formIntersection([.create, .status]) }
        if unknownStatus != nil || completedWithoutResults { kinds.formIntersection([.status]) }
        if expireLinks || truncation != nil { kinds.formIntersection([.content]) }
        if reply == .cut(.request) { kinds.formIntersection([.create]) }
        return kinds
    }
}

extension FaultActions.Reply {
    /// Whether a create that is answered so is carried out, unless the script says otherwise.
    fileprivate var acceptsByItself: Bool {
        switch self {
        case .status(let status, _), .garbage(let status): status < 300
        case .redirect: false
        case .cut(let cut): cut != .before && cut != .request
        case .hang: true
        case .written(let reply): reply.status < 300
        }
    }
}

extension SimulatedTask.Failure {
    fileprivate init(_ place: JSONCursor) throws(ScriptError) {
        code = "generation_failed_no_content"
        message = "the script wants this generation to fail"
        if place.value.bool == true { return }
        if place.value.object == nil {
            code = try place.text()
            return
        }
        for (name, member) in try place.members(["code", "message"]) {
            if name == "code" { code = try member.text() } else { message = try member.text() }
        }
    }
}
