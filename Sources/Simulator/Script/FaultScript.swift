import JSONText

/// The list of rules for fault injection. Only the first rule that is due acts.
struct FaultScript: Sendable {
    static let rulesMax = 1000

    private(set) var rules: [FaultRule]

    init(_ rules: [FaultRule] = []) { self.rules = rules }

    /// Returns the actions on a call. Every matching rule counts the call, whichever acts.
    mutating func actions(for call: ProviderCall) -> FaultActions? {
        var due: Int?
        for index in rules.indices where rules[index].isDue(for: call) { due = due ?? index }
        return due.map { rules[$0].act() }
    }

    /// Returns the actions if a create is to be cut after its head. Counts the call only in that case;
    /// otherwise it is counted after its body was read.
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
            writer.member("do", rule.actions.names)
            writer.member("matched", rule.matched)
            writer.member("acted", rule.acted)
            writer.endObject()
        }
        writer.endArray()
    }
}
