import JSONText

/// The hashed features of a job, for comparing two jobs: one hash for each member and one for the client.
///
/// A feature combines hashes of a member's name and value, so that a long prompt takes eight bytes. Two
/// different values collide once in 2³² pairs; the jobs then only appear more similar than they are.
package struct JobTraits: Equatable, Sendable {
    /// The maximum number of features; further ones are not compared.
    package static let membersMax = 64

    /// The features in ascending order: a hash of the name in the upper half, of the value in the lower.
    private(set) var members: [UInt64]

    private init(ascending members: [UInt64]) { self.members = members }

    /// Creates the traits of a payload. A payload that is not a JSON object is compared as one value.
    package init(payload: [UInt8], client: String) {
        let value = try? JSONValue(parsing: payload)
        let fields = value?.object?.members ?? [JSONObject.Member("", value ?? .string(payload.asText))]
        var members = fields.map { Self.member($0.name, $0.value.valueHash) }
        // The NUL keeps this name distinct from every JSON member.
        members.append(Self.member("\0client", client.valueHash))
        self.members = Array(members.sorted().prefix(Self.membersMax))
    }

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }

    private static func member(_ name: String, _ value: UInt64) -> UInt64 {
        name.valueHash << 32 | value & 0xFFFF_FFFF
    }

    /// Returns the number of members that differ or exist in only one of the jobs.
    package func differences(from other: JobTraits) -> Int {
        var count = 0
        var (rest, otherRest) = (members[...], other.members[...])
        while let one = rest.first, let another = otherRest.first {
            let names = (one >> 32, another >> 32)
            if one != another { count += 1 }
            if names.0 <= names.1 { rest.removeFirst() }
            if names.1 <= names.0 { otherRest.removeFirst() }
        }
        return count + rest.count + otherRest.count
    }

    /// Returns the features that both jobs have in common.
    package func shared(with other: JobTraits) -> JobTraits {
        let mask = mask(of: other)
        return JobTraits(ascending: members.indices.filter { mask & 1 << $0 != 0 }.map { members[$0] })
    }

    /// Returns a bit mask of the features that `other` also has; the first feature is the lowest bit.
    package func mask(of other: JobTraits) -> UInt64 {
        var mask: UInt64 = 0
        var otherRest = other.members[...]
        for (index, member) in members.enumerated() {
            while let first = otherRest.first, first < member { otherRest.removeFirst() }
            if otherRest.first == member { mask |= 1 << index }
        }
        return mask
    }

    /// The mask of a job that has all of these features.
    package var fullMask: UInt64 { members.count == 64 ? .max : 1 << members.count - 1 }
}

extension JSONValue {
    /// Equal for equivalent values: members in any order, `8` and `8.0`.
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
