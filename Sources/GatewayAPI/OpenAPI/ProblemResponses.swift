import GatewayProtocol
import JSONText

/// The error responses of an operation: one for each status, with the codes that it can have.
struct ProblemResponses {
    private let codes: Set<ProblemCode>

    init(_ codes: Set<ProblemCode>) { self.codes = codes }

    /// One component for each status. All have the same body; the fields differ.
    static var components: JSONObject {
        JSONObject(
            statuses(of: Set(ProblemCode.allCases)).map { status, codes in
                .init("Problem\(status)", component(status, codes))
            })
    }

    /// The responses as members of an operation's `responses`. A description names the codes that not every
    /// operation has.
    var members: [JSONObject.Member] {
        let common = RouteResponses.common.union(RouteResponses.transport)
        return Self.statuses(of: codes).map { status, codes in
            var response: JSONObject = ["$ref": .string("#/components/responses/Problem\(status)")]
            let own = codes.filter { !common.contains($0) }
            if !own.isEmpty { response["description"] = .string(Self.text(codes)) }
            return .init(String(status), .object(response))
        }
    }

    /// The codes of each status, both in order.
    private static func statuses(of codes: Set<ProblemCode>) -> [(Int, [ProblemCode])] {
        var statuses: [Int: [ProblemCode]] = [:]
        for code in ProblemCode.allCases where codes.contains(code) {
            for status in code.statuses { statuses[status, default: []].append(code) }
        }
        return statuses.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func text(_ codes: [ProblemCode]) -> String {
        codes.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    }

    private static func component(_ status: Int, _ codes: [ProblemCode]) -> JSONValue {
        var headers: JSONObject = [ResponseField.requestID.rawValue: reference(.requestID)]
        if status == 405 {
            headers["Allow"] = [
                "description": "the methods of the endpoint", "required": true,
                "schema": JSONSchema.string.json,
            ]
        }
        if status == 401 {
            headers["WWW-Authenticate"] = ["required": true, "schema": JSONSchema.string.json]
        }
        if codes.contains(where: { $0.definition.retry != .afterChange }) {
            headers[ResponseField.retryAfter.rawValue] = reference(.retryAfter)
        }
        let list = codes.map { "`\($0.rawValue)`: \($0.definition.title)" }.joined(separator: "; ")
        return [
            "description": .string(list), "headers": .object(headers),
            "content": ["application/problem+json": ["schema": JSONSchema.ref(.problem).json]],
        ]
    }

    private static func reference(_ field: ResponseField) -> JSONValue { ["$ref": .string(field.reference)] }
}

extension ProblemCode {
    /// The statuses that a response with the code can have.
    fileprivate var statuses: [Int] {
        self == .providerRefused ? Problem.keptStatuses + [status] : [status]
    }
}
