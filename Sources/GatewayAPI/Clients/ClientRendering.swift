import Gateway
import GatewayProtocol
import JSONText
import VideoJobs

extension Client {
    /// Returns the client's JSON document.
    ///
    /// - Parameter token: The token that was just issued, which is shown once.
    func json(_ token: ClientToken? = nil) -> JSONObject {
        var members: [(ClientMember, JSONValue)] = [
            (.object, "client"), (.name, .string(name)), (.role, .string(role.rawValue)),
            (.models, models.map { .array($0.map { .string($0) }) } ?? .null),
            (.limits, .object(limits.json)), (.budget, budget.map { .object($0.json) } ?? .null),
            (.weight, .integer(Int64(weight))), (.created, .integer(created.seconds)),
            (.revoked, revoked.json), (.tokens, .array(tokens.map { .object($0.json) })),
        ]
        if let token { members.append((.token, .string(token.text))) }
        return JSONObject(members)
    }
}

extension ClientLimits {
    fileprivate var json: JSONObject {
        JSONObject([
            (ClientMember.requestsPerMinute, requestsPerMinute.json), (.inFlight, inFlight.json),
            (.jobsPerDay, jobsPerDay.json),
        ])
    }
}

extension ClientBudget {
    fileprivate var json: JSONObject {
        JSONObject([
            (ClientMember.usd, JSONValue(units: microdollars, decimals: 6)), (.per, .string(period.rawValue)),
            (.microdollars, .integer(microdollars)),
        ])
    }
}

extension IssuedToken {
    fileprivate var json: JSONObject {
        JSONObject([(ClientMember.issued, .integer(issued.seconds)), (.expires, expires.json)])
    }
}

extension JSONObject {
    fileprivate init(_ members: [(ClientMember, JSONValue)]) {
        self.init(members.map { Member($0.0.rawValue, $0.1) })
    }
}

extension Int? {
    fileprivate var json: JSONValue { map { .integer(Int64($0)) } ?? .null }
}

extension Timestamp? {
    fileprivate var json: JSONValue { map { .integer($0.seconds) } ?? .null }
}
