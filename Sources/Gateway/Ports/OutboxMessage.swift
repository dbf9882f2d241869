/// Work for another service that a change of a task causes: stored with the change, or not at all.
package struct OutboxMessage: Equatable, Sendable {
    /// The most messages of one change.
    package static let perChangeMax = 16
    package static let payloadBytesMax = 64 << 10
    /// About how many rows an outbox holds. At the limit, changes with messages fail.
    package static let rowsMax: Int64 = 1_000_000

    /// The service that reads it, such as `delivery`; ASCII letters, digits, `.`, `-` and `_`.
    package var kind: String
    package var payload: [UInt8]

    package init(kind: String, payload: [UInt8]) {
        self.kind = kind
        self.payload = payload
    }

    /// Throws `oneTask` unless all messages of a change are within their limits.
    package static func checkLimits(of messages: [OutboxMessage]) throws(StoreError) {
        guard messages.count <= perChangeMax else {
            throw .oneTask("a change has more than \(perChangeMax) outbox messages")
        }
        for message in messages {
            guard !message.kind.isEmpty, message.kind.utf8.count <= 64, message.kind.utf8.allSatisfy(isName)
            else { throw .oneTask("an outbox message has no valid kind") }
            guard message.payload.count <= payloadBytesMax else {
                throw .oneTask("an outbox message has more than \(payloadBytesMax) bytes")
            }
        }
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
