import HTTPServing
import HTTPWire
import JSONText

/// An error response in the provider's own format: `{"error":{"message":…,"type":…,"code":…,"param":…}}`.
package struct ProviderFault: Error, Equatable, Sendable {
    package var status: Int
    package var code: String
    package var message: String
    package var param: String?
    /// The value of `Retry-After`.
    package var retryAfter: String?

    package init(_ status: Int, _ code: String, _ message: String, param: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.param = param
    }

    /// Returns the error of an invalid job: always 422.
    static func invalid(_ param: String, _ message: String) -> ProviderFault {
        ProviderFault(422, "invalid_parameters", message, param: param)
    }

    static let noKey = ProviderFault(401, "invalid_api_key", "a Bearer key is required")
    static let notFound = ProviderFault(404, "not_found", "there is nothing under this path")
    static let noSuchTask = ProviderFault(404, "task_not_found", "task not found")

    /// Returns the provider's error for a scripted status.
    static func scripted(_ status: Int) -> ProviderFault {
        switch status {
        case 400: ProviderFault(status, "bad_request", "the request is malformed")
        case 401: ProviderFault(status, "invalid_api_key", "the key is not valid")
        case 402: ProviderFault(status, "insufficient_quota", "the account has no quota left")
        case 403: ProviderFault(status, "forbidden", "the key may not do this")
        case 404: ProviderFault(status, "not_found", "there is no such thing")
        case 422: ProviderFault(status, "invalid_parameters", "a parameter is not accepted")
        case 429: ProviderFault(status, "rate_limit_exceeded", "too many requests")
        case 503: ProviderFault(status, "no_available_channel", "no channel serves this model now")
        default: ProviderFault(status, "scripted", "the script sets status \(status)")
        }
    }

    private var type: String {
        switch status {
        case 401: "authentication_error"
        case 402: "insufficient_quota"
        case 403: "permission_error"
        case 429: "rate_limit_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }

    /// The response with this error.
    var response: HTTPResponse {
        var error: JSONObject = [
            "message": .string(message), "type": .string(type), "code": .string(code),
        ]
        error["param"] = param.map(JSONValue.string)
        var response = HTTPResponse.json(status, JSONValue.object(["error": .object(error)]).serialized())
        if let retryAfter { response.fields.append("Retry-After", retryAfter) }
        return response
    }
}

extension HTTPResponse {
    /// Returns a response with a JSON body.
    static func json(_ status: Int = 200, _ text: [UInt8]) -> HTTPResponse {
        .bytes(status, text, type: "application/json")
    }

    /// Returns a response with a body in memory.
    static func bytes(_ status: Int = 200, _ bytes: [UInt8], type: String) -> HTTPResponse {
        var fields = HTTPFields()
        fields.append("Content-Type", type)
        return HTTPResponse(status: status, fields: fields, body: .bytes(bytes))
    }
}
