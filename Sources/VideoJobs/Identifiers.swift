/// Our name for a task: `task-rg-<unix seconds>-<12 of a–z, 0–9>`.
package struct TaskID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package var description: String { text }

    /// Makes a fresh one from random bits. A clash is also refused by the store's primary key.
    package static func make(at time: Timestamp, random: UInt64) -> TaskID {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var rest = random
        let tail = (0..<12).map { _ in
            // 36¹² < 2⁶³: each digit comes from bits that the ones before left over.
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 36)
            rest = quotient
            return alphabet[Int(digit)]
        }
        return TaskID("task-rg-\(time.seconds)-" + String(decoding: tail, as: UTF8.self))
    }
}

/// The provider's name for a task.
package struct ProviderTaskID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    /// A name that a person typed: 1 to 256 characters of visible ASCII. `nil` if it is none.
    package init?(validating text: String) {
        guard (1...256).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        self.text = text
    }

    package var description: String { text }
}

/// A moment on the wall clock, in milliseconds since 1970. For records only: intervals run on
/// `MonotonicTime`.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package var seconds: Int64 { milliseconds / 1000 }

    package static func < (one: Timestamp, other: Timestamp) -> Bool { one.milliseconds < other.milliseconds }

    package static func + (time: Timestamp, interval: Duration) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds + interval.milliseconds)
    }

    package static func - (one: Timestamp, other: Timestamp) -> Duration {
        .milliseconds(one.milliseconds - other.milliseconds)
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
