import HTTPServing
import JSONText

/// What a call to the provider is about, as rules see it.
struct ProviderCall: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case create, status, content
    }

    var kind: Kind
    var path: String
    /// Of the job that the call is about.
    var prompt: String?
    /// What a create sends; `nil` for other calls and for what is no JSON.
    var body: JSONValue?
}

/// What a rule makes of a call. Several members may be set.
struct FaultActions: Equatable, Sendable {
    enum Reply: Equatable, Sendable {
        case status(Int, retryAfter: String?)
        case garbage(status: Int)
        case redirect(status: Int, to: String)
        case cut(Cut)
        case hang
        case written(ScriptedReply)
    }

    enum Cut: String, CaseIterable, Sendable {
        /// When the head of the request has come and its body is still to be read.
        case request
        case before, within, after
    }

    enum Truncation: String, CaseIterable, Sendable {
        /// The connection is cut in the middle of the video.
        case cut
        /// Half of the video comes, as if it were the whole.
        case short
    }

    var delay: Duration?
    var reply: Reply?
    /// Whether a create that gets `reply` is carried out all the same.
    var accepts = true
    var failure: SimulatedTask.Failure?
    var unknownStatus: String?
    var completedWithoutResults = false
    var expireLinks = false
    var truncation: Truncation?
    /// How the answer is sent, if not at once.
    var trickle: ThrottledBody?
    /// Whether the connection is closed after the answer.
    var closes = false
    /// The names of the actions, for the ledger.
    var message = ""
}

/// One rule: which calls it concerns, which of those it acts on, and what it does.
struct FaultRule: Sendable {
    /// `nil`: the kind that the actions are made for, else any.
    var kinds: Set<ProviderCall.Kind>?
    /// What the path must contain.
    var path: String?
    /// What the prompt of the job must contain.
    var prompt: String?
    /// What the members of a create's body must be; `null` also stands for one that is not there.
    var body: [JSONObject.Member] = []
    /// The first call that it acts on, counting from 1 the calls that match since the script was given.
    var nth: Int?
    /// How many calls in a row it acts on. If nothing is said: one where `nth` is given, else all.
    var times: Int?
    var actions = FaultActions()

    private(set) var matched = 0
    private(set) var acted = 0

    /// Counts a call if it matches; says whether it is one to act on.
    fileprivate mutating func isDue(for call: ProviderCall) -> Bool {
        guard concerns(call.kind), path.map(call.path.contains) ?? true,
            prompt.map({ call.prompt?.contains($0) ?? false }) ?? true,
            body.isEmpty || call.body.map(sends) ?? false
        else { return false }
        matched += 1
        let first = nth ?? 1
        let count = times ?? (nth == nil ? Int.max : 1)
        return matched >= first && matched - first < count
    }

    private func sends(_ sent: JSONValue) -> Bool {
        body.allSatisfy { sent[$0.name] ?? .null == $0.value }
    }

    private func concerns(_ kind: ProviderCall.Kind) -> Bool {
        if let kinds { return kinds.contains(kind) }
        if actions.failure != nil { return kind == .create }
        if actions.unknownStatus != nil || actions.completedWithoutResults { return kind == .status }
        if actions.expireLinks || actions.truncation != nil { return kind == .content }
        return true
    }

    fileprivate mutating func act() -> FaultActions {
        acted += 1
        return actions
    }
}

/// The list of rules by which the provider misbehaves. The first rule that is due acts, alone.
struct FaultScript: Sendable {
    static let rulesMax = 1000

    private(set) var rules: [FaultRule]

    init(_ rules: [FaultRule] = []) { self.rules = rules }

    /// What to do to this call. Every rule that matches counts the call, whichever acts.
    mutating func actions(for call: ProviderCall) -> FaultActions? {
        var due: Int?
        for index in rules.indices where rules[index].isDue(for: call) { due = due ?? index }
        return due.map { rules[$0].act() }
    }

    /// Whether a create whose head has come is to be cut now. Counts the call only if so: otherwise its body
    /// is still to be read, and then it counts.
    mutating func cutsRequest(_ call: ProviderCall) -> FaultActions? {
        var counted = self
        guard let actions = counted.actions(for: call), actions.reply == .cut(.request) else { return nil }
        self = counted
        return actions
    }

    func writeCounts(to writer: inout JSONWriter) {
        writer.beginArray()
        for rule in rules {
            writer.beginObject()
            writer.member("do", rule.actions.message)
            writer.member("matched", rule.matched)
            writer.member("acted", rule.acted)
            writer.endObject()
        }
        writer.endArray()
    }
}
