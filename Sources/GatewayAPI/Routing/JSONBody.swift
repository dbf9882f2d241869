import GatewayProtocol
import HTTPWire
import JSONText
import VideoJobs

/// Request bodies in JSON.
enum JSONBody {
    /// Throws unless the body is sent as JSON, without a content coding (RFC 9110 §8.4).
    ///
    /// Endpoints with an effect depend on it: a form of another page can send bodies without a preflight, but
    /// none that are JSON.
    static func checkMediaType(_ head: RequestHead) throws(Problem) {
        let value = head.fields["Content-Type"]
        // RFC 9110 §5.3: a proxy may join two lines this way, and which one counts is unknown.
        if let value, MediaType.isList(value) {
            throw Problem.invalidHeader("Content-Type", "Content-Type must be one media type")
        }
        guard let type = value.flatMap(MediaType.init), type.isJSON else {
            throw Problem(.unsupportedMediaType, "the body must be sent as Content-Type: application/json")
        }
        guard head.fields.values("Content-Encoding").allSatisfy({ $0.lowercased() == "identity" }) else {
            throw Problem(.unsupportedMediaType, "the body must be sent without Content-Encoding")
        }
    }

    /// Returns the body's JSON value, after checking the media type.
    static func parse(_ request: RouteRequest) throws(Problem) -> JSONValue {
        try checkMediaType(request.head)
        do throws(JSONError) {
            return try JSONValue(parsing: request.body)
        } catch {
            throw Problem(JobValidationError.malformed(error))
        }
    }
}
