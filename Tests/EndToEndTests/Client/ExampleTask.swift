import JSONText
import Testing

@testable import Reelgate

/// Tasks as a gateway returns them.
enum ExampleTask {
    static let id = "task-rg-1757165031-k7m2q9x4w1bz"
    static let created: Int64 = 1_757_165_031

    static func task(
        state: String, status: String, position: Int64? = nil, error: JSONValue = nil,
        results: JSONValue = nil
    ) -> JSONValue {
        [
            "id": .string(id), "model": "veo-3.1-reference-to-video", "status": .string(status),
            "progress": 42,
            "created": .integer(created), "results": results, "error": error,
            "gateway": [
                "state": .string(state), "version": 7,
                "queue_position": position.map(JSONValue.integer) ?? nil,
                "attempts": 1, "updated": .integer(created + 9),
            ],
        ]
    }
}
