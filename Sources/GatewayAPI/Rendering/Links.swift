import GatewayProtocol

/// The absolute URLs in responses.
struct Links: Equatable, Sendable {
    /// How every link begins; without a slash at its end.
    var publicURL: String

    /// Returns the URL of a path.
    func url(_ path: String) -> String { publicURL + path }

    /// Returns the URL of a task.
    func task(_ id: String) -> String { url(GatewayPath.path(GatewayPath.task, id: id)) }

    /// Returns the URL of a model, whose id may contain any character.
    func model(_ id: String) -> String {
        var segment = ""
        for byte in id.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isUnreserved = scalar.properties.isAlphabetic && byte < 0x80 || (0x30...0x39).contains(byte)
            if isUnreserved || "-._~".unicodeScalars.contains(scalar) {
                segment.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                segment += "%\(digits.count < 2 ? "0" : "")\(digits)"
            }
        }
        return url(GatewayPath.path(GatewayPath.model, id: segment))
    }

    /// Returns the URL of a task's result. The first one needs no index.
    func content(_ id: String, index: Int) -> String {
        let content = url(GatewayPath.path(GatewayPath.content, id: id))
        return index == 0 ? content : "\(content)?index=\(index)"
    }
}
