/// The resource that a request path addresses.
enum SimulatorRoute: Equatable {
    case create
    case models
    case task(String)
    case result(String)
    /// The remainder of the path after `/_simulator`.
    case control(Substring)
    case unknown

    init(_ path: String) {
        let tasks = "/v1/tasks/"
        let results = "/results/"
        let control = "/_simulator"
        if path == "/v1/videos/generations" {
            self = .create
        } else if path == "/v1/models" {
            self = .models
        } else if path.hasPrefix(tasks) {
            self = .task(String(path.dropFirst(tasks.count)))
        } else if path.hasPrefix(results), path.hasSuffix(".mp4") {
            self = .result(String(path.dropFirst(results.count).dropLast(".mp4".count)))
        } else if path == "*" {
            // RFC 9110 §9.3.7: `OPTIONS *` addresses the server as a whole.
            self = .control("/echo")
        } else if path == control || path.hasPrefix(control + "/") {
            self = .control(path.dropFirst(control.count))
        } else {
            self = .unknown
        }
    }

    /// Whether the path is `/_simulator/echo` or below it.
    var isEcho: Bool {
        guard case .control(let path) = self else { return false }
        return path == "/echo" || path.hasPrefix("/echo/")
    }
}
