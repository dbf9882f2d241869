/// The methods that metrics distinguish.
enum RequestMethod: UInt8 {
    case none, get, head, post, put, patch, delete, options, other

    /// - Parameter name: `nil` if no valid head was received.
    init(_ name: String?) {
        self =
            switch name {
            case nil: .none
            case "GET": .get
            case "HEAD": .head
            case "POST": .post
            case "PUT": .put
            case "PATCH": .patch
            case "DELETE": .delete
            case "OPTIONS": .options
            default: .other
            }
    }

    /// The value of the label `method`.
    var label: String {
        switch self {
        case .none: RequestCounters.none
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .other: "other"
        }
    }
}
