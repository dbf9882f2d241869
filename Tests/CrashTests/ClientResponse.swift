import HTTPFetching
import JSONText

/// A complete response.
struct ClientResponse: Sendable {
    let status: Int
    let body: [UInt8]
    private let fetched: FetchResponse

    init(_ fetched: FetchResponse) {
        status = fetched.status
        body = fetched.body
        self.fetched = fetched
    }

    subscript(name: String) -> String? { fetched[name] }
    var json: JSONValue? { try? JSONValue(parsing: body, limits: JSONLimits(bytes: 64 << 20)) }
    var text: String { String(decoding: body.prefix(400), as: UTF8.self) }

    /// The task ID in the response, of a task or of a problem.
    var taskID: String? {
        let json = json
        return json?["task_id"]?.string ?? (json?["object"]?.string == nil ? nil : json?["id"]?.string)
    }

    /// The state of the task in the response.
    var observedState: ObservedState? {
        guard let gateway = json?["gateway"], let state = gateway["state"]?.string,
            let version = gateway["version"]?.integer
        else { return nil }
        return ObservedState(state: state, version: Int(version))
    }
}
