import JSONText

/// What a job asks for, as far as two jobs have to be compared: one number for each member of the job and for
/// its client.
///
/// A number holds hashes of a member's name and of its value, so that a long prompt costs eight bytes. Two
/// different values have the same number once in four thousand million pairs; then two jobs merely look more
/// alike than they are.
package struct JobTraits: Equatable, Sendable {
    /// A job with more members is compared by this many of them.
    package static let membersMax = 64

    /// A hash of the name in the upper half, of the value in the lower. Ascending.
    private(set) var members: [UInt64]

    private init(ascending members: [UInt64]) { self.members = members }

    /// The traits of a job as it is sent. What is no JSON object is compared as a whole.
    package init(payload: [UInt8], client: String) {
        let value = try? JSONValue(parsing: payload)
        let fields = value?.object?.members ?? [JSONObject.Member("", value ?? .string(payload.asText))]
        var members = fields.map { Self.member($0.name, $0.value.valueHash) }
        // No name of a JSON member: those are at most as long as the job, and this one has a NUL.
        members.append(Self.member("\0client", client.valueHash))
        self.members = Array(members.sorted().prefix(Self.membersMax))
    }

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }

    private static func member(_ name: String, _ value: UInt64) -> UInt64 {
        name.valueHash << 32 | value & 0xFFFF_FFFF
    }

    /// How many members differ, or are there in one job only.
    package func differences(from other: JobTraits) -> Int {
        var count = 0
        var (mine, theirs) = (members[...], other.members[...])
        while let one = mine.first, let another = theirs.first {
            let names = (one >> 32, another >> 32)
            if one != another { count += 1 }
            if names.0 <= names.1 { mine.removeFirst() }
            if names.1 <= names.0 { theirs.removeFirst() }
        }
        return count + mine.count + theirs.count
    }

    /// The members that both have with the same value.
    package func shared(with other: JobTraits) -> JobTraits {
        let mask = mask(of: other)
        return JobTraits(ascending: members.indices.filter { mask & 1 << $0 != 0 }.map { members[$0] })
    }

    /// Which of these members the other has with the same value: a bit for each, the first in the lowest.
    package func mask(of other: JobTraits) -> UInt64 {
        var mask: UInt64 = 0
        var theirs = other.members[...]
        for (index, member) in members.enumerated() {
            while let first = theirs.first, first < member { theirs.removeFirst() }
            if theirs.first == member { mask |= 1 << index }
        }
        return mask
    }

    /// The mask of a job that has all of these members.
    package var fullMask: UInt64 { members.count == 64 ? .max : 1 << members.count - 1 }
}

extension JSONValue {
    /// The same for values that mean the same: members in any order, `8` and `8.0`.
    fileprivate var valueHash: UInt64 {
        switch self {
        case .null: "n".valueHash
        case .bool(let truth): truth ? "t".valueHash : "f".valueHash
        case .integer(let number): "i\(number)".valueHash
        case .real(let number):
            Int64(exactly: number).map { "i\($0)".valueHash } ?? "r\(number)".valueHash
        case .string(let text): "s\(text)".valueHash
        case .array(let elements): elements.reduce("a".valueHash) { $0.mixed(with: $1.valueHash) }
        case .object(let object):
            object.members.map { $0.name.valueHash.mixed(with: $0.value.valueHash) }.sorted()
                .reduce("o".valueHash) { $0.mixed(with: $1) }
        }
    }
}

extension String {
    /// FNV-1a over the bytes, the same in every process.
    fileprivate var valueHash: UInt64 {
        utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}

extension UInt64 {
    fileprivate func mixed(with other: UInt64) -> UInt64 {
        (self ^ other) &* 0x9E37_79B9_7F4A_7C15 ^ (self >> 29)
    }
}

extension [UInt8] {
    fileprivate var asText: String { String(decoding: self, as: UTF8.self) }
}
