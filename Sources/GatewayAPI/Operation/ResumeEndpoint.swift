import Gateway
import HTTPServing
import JSONText
import VideoJobs

extension GatewayHandler {
    /// Ends the pause that the reason in the body names.
    func resume(_ request: HTTPRequest) async throws -> HTTPResponse {
        try Self.checkResumeReason(request)
        guard try await gateway.resumeSubmission() else {
            throw Problem(409, "not_paused", "submission is not paused because of an older store")
        }
        let page: JSONValue = [
            "object": "submission", "state": "open",
            "warnings": [
                """
                tasks and idempotency keys newer than the backup are lost: a client that repeats such a job \
                buys it again
                """
            ],
        ]
        return .json(200, page.serialized())
    }

    /// The reason is named so that nobody ends another pause than the one that was seen.
    private static func checkResumeReason(_ request: HTTPRequest) throws(Problem) {
        // A form of another page can send bodies without asking, but none that are JSON.
        try checkMediaType(request.head)
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: request.body) } catch {
            throw Problem(JobValidationError.malformed(error))
        }
        let names = value.object?.members.map(\.name) ?? []
        if names.count == 1, value["reason"]?.string == "older_store" { return }
        let message = "the body must be {\"reason\":\"older_store\"}"
        var fault = Problem.Fault(.pointer("/reason"), "not_allowed", message)
        fault.allowed = ["older_store"]
        throw Problem(422, "invalid_parameters", message).with(fault)
    }
}
