/// A `tracestate` (W3C Trace Context §3.3): what other systems know of a trace. It is passed on, never read.
package struct TraceState: Equatable, Sendable {
    /// The value of the field; empty if there is none.
    package private(set) var text = ""

    static let membersMax = 32
    static let lengthMax = 512
    /// Longer members are the first to go.
    private static let longMember = 128

    package init() {}

    /// Parses the values of all fields, in order. `nil` if a member is invalid or there are too many. Of
    /// members with one key the first counts, the most recent one. Beyond the longest length first long
    /// members are removed and then the last ones (§3.3.1.5).
    package init?(parsing values: [String]) {
        var members: [Substring] = []
        var keys: Set<Substring> = []
        for part in values.flatMap({ $0.split(separator: ",") }) {
            let member = part.trimmingBlanks
            if member.isEmpty { continue }
            guard let equals = member.firstIndex(of: "="), Self.isKey(member[..<equals].utf8),
                Self.isValue(member[member.index(after: equals)...].utf8)
            else { return nil }
            if keys.insert(member[..<equals]).inserted { members.append(member) }
        }
        guard members.count <= Self.membersMax else { return nil }
        text = Self.joined(members)
    }

    private static func joined(_ members: [Substring]) -> String {
        func length(_ members: [Substring]) -> Int {
            members.reduce(members.count - 1) { $0 + $1.utf8.count }
        }
        var members = members
        while length(members) > lengthMax {
            let long = members.lastIndex { $0.utf8.count > longMember }
            members.remove(at: long ?? members.count - 1)
        }
        return members.joined(separator: ",")
    }

    /// `vendor`, or `tenant@vendor`.
    private static func isKey(_ key: Substring.UTF8View) -> Bool {
        let parts = key.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard key.allSatisfy({ isKeyByte($0) || $0 == UInt8(ascii: "@") }), let first = parts[0].first else {
            return false
        }
        switch parts.count {
        case 1: return parts[0].count <= 256 && isLetter(first)
        case 2:
            return parts[0].count <= 241 && parts[1].count <= 14 && parts[1].first.map(isLetter) == true
                && (isLetter(first) || isDigit(first))
        default: return false
        }
    }

    private static func isValue(_ value: Substring.UTF8View) -> Bool {
        (1...256).contains(value.count)
            && value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || "_-*/".utf8.contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

extension Substring {
    /// The text without spaces and tabs at its ends.
    fileprivate var trimmingBlanks: Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var rest = drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}
