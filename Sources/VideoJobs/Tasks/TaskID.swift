/// The gateway's ID of a task: `task-rg-<unix seconds>-<12 of a–z, 0–9>`.
package struct TaskID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    /// A regular expression for the texts of ids.
    package static let pattern = "^task-rg-[0-9]{1,12}-[a-z0-9]{12}$"

    /// Whether a text matches `pattern`.
    package static func isWellFormed(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].elementsEqual("task".utf8), parts[1].elementsEqual("rg".utf8) else {
            return false
        }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        return (1...12).contains(parts[2].count) && parts[2].allSatisfy(digits.contains)
            && parts[3].count == 12 && parts[3].allSatisfy { digits.contains($0) || letters.contains($0) }
    }

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
