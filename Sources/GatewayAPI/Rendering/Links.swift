import GatewayProtocol

/// The absolute URLs in responses.
struct Links: Equatable, Sendable {
    /// How every link begins; without a slash at its end.
    var publicURL: String

    /// Returns the URL of a path.
    func url(_ path: String) -> String { publicURL + path }

    /// Returns the URL of a task.
    func task(_ id: String) -> String { url(GatewayPath.path(GatewayPath.task, id: id)) }

    /// Returns the URL of a task's result. The first one needs no index.
    func content(_ id: String, index: Int) -> String {
        let content = url(GatewayPath.path(GatewayPath.content, id: id))
        return index == 0 ? content : "\(content)?index=\(index)"
    }
}
