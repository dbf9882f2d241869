import HTTPServing
import HTTPWire
import Synchronization

/// The number of times that a path was requested.
final class RequestCount: Sendable {
    private let count = Atomic(0)

    /// Returns the new count; `nil` every third time, to be responded to asynchronously.
    func next() -> HTTPResponse? {
        let number = count.add(1, ordering: .relaxed).newValue
        return number % 3 == 0 ? nil : .text("request \(number)")
    }
}

extension HTTPResponse {
    static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        var fields = HTTPFields()
        fields.append("Content-Type", "text/plain")
        return HTTPResponse(status: status, fields: fields, body: .bytes(Array(text.utf8)))
    }
}
