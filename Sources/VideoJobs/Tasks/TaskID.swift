/// The gateway's ID of a task: `task-rg-<unix seconds>-<12 of a–z, 0–9>`.
package struct TaskID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package var description: String { text }

    /// Creates an ID from random bits. The store's primary key also rejects a collision.
    package static func make(at time: Timestamp, random: UInt64) -> TaskID {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var rest = random
        let tail = (0..<12).map { _ in
            // 36¹² < 2⁶³: the random bits suffice for twelve digits.
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 36)
            rest = quotient
            return alphabet[Int(digit)]
        }
        return TaskID("task-rg-\(time.seconds)-" + String(decoding: tail, as: UTF8.self))
    }
}
