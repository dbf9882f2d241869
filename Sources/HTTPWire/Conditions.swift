/// A validator of a representation (RFC 9110 §8.8.3).
package struct EntityTag: Equatable, Sendable {
    /// What stands between the quotes.
    package let opaque: String
    package let isWeak: Bool

    package init(_ opaque: String, isWeak: Bool = false) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// Reads one entity tag, which is all that the text holds.
    package static func parse(_ text: String) -> EntityTag? {
        var scanner = FieldScanner(text)
        guard let tag = scanner.entityTag(), scanner.isAtEnd else { return nil }
        return tag
    }

    /// As it stands in a field.
    package var text: String { (isWeak ? "W/\"" : "\"") + opaque + "\"" }

    /// Strong comparison (§8.8.3.2): the bytes are the same.
    package func isStronglyEqual(to other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && opaque == other.opaque
    }

    /// Weak comparison (§8.8.3.2): one may stand for the other.
    package func isWeaklyEqual(to other: EntityTag) -> Bool {
        opaque == other.opaque
    }
}

/// The value of `If-Match` or `If-None-Match`.
package enum EntityTagList: Equatable, Sendable {
    case any
    case tags([EntityTag])

    /// Reads the lines of such a field; `nil` if they are not one.
    package static func parse(_ values: [String]) -> EntityTagList? {
        let text = values.joined(separator: ",")
        if values.count == 1, text == "*" { return .any }
        var scanner = FieldScanner(text)
        var tags: [EntityTag] = []
        while true {
            while scanner.skipSpace(), scanner.take(",") {}
            if scanner.isAtEnd { return tags.isEmpty ? nil : .tags(tags) }
            guard let tag = scanner.entityTag() else { return nil }
            tags.append(tag)
            guard scanner.skipSpace(), scanner.isAtEnd || scanner.take(",") else { return nil }
        }
    }
}

/// The conditions that a request puts on its being carried out (RFC 9110 §13).
package struct RequestConditions: Sendable {
    /// What becomes of the request.
    package enum Outcome: Equatable, Sendable {
        case proceed
        /// 304: the client has what it asks for.
        case notModified
        /// 412: the representation is not what the client takes it to be.
        case failed
    }

    /// What is known of the representation that the request is for.
    package struct Validators: Sendable {
        package var entityTag: EntityTag?
        /// Seconds since 1970.
        package var lastModified: Int64?

        package init(entityTag: EntityTag?, lastModified: Int64? = nil) {
            self.entityTag = entityTag
            self.lastModified = lastModified
        }
    }

    private let fields: HTTPFields
    private let isRead: Bool
    private let now: Int64

    package init(_ head: RequestHead, now: Int64) {
        fields = head.fields
        isRead = head.method == "GET" || head.method == "HEAD"
        self.now = now
    }

    /// Judges the conditions in the order of RFC 9110 §13.2.2, for a representation that exists.
    package func outcome(_ current: Validators) -> Outcome {
        if fields.contains("If-Match") {
            guard matches("If-Match", { current.entityTag?.isStronglyEqual(to: $0) }) else { return .failed }
        } else if let since = date("If-Unmodified-Since"), let modified = current.lastModified {
            guard modified <= since else { return .failed }
        }
        if fields.contains("If-None-Match") {
            let known = matches("If-None-Match") { current.entityTag?.isWeaklyEqual(to: $0) }
            return known ? (isRead ? .notModified : .failed) : .proceed
        }
        if isRead, let since = date("If-Modified-Since"), let modified = current.lastModified,
            modified <= since
        {
            return .notModified
        }
        return .proceed
    }

    /// Whether a `Range` counts (§13.1.5): yes without `If-Range`, else only if its tag is ours, strongly
    /// compared. A date never suffices: one second may see two versions. Two conditions are none that holds.
    package func allowsRange(_ current: Validators) -> Bool {
        guard fields.contains("If-Range") else { return true }
        guard let condition = fields.single("If-Range"), let tag = EntityTag.parse(condition),
            let ours = current.entityTag
        else { return false }
        return tag.isStronglyEqual(to: ours)
    }

    /// A list that cannot be read matches nothing.
    private func matches(_ name: String, _ isEqual: (EntityTag) -> Bool?) -> Bool {
        switch EntityTagList.parse(fields.values(name)) {
        case .any: true
        case .tags(let tags): tags.contains { isEqual($0) ?? false }
        case nil: false
        }
    }

    /// RFC 9110 §13.1.3, §13.1.4: what is not one valid date is ignored.
    private func date(_ name: String) -> Int64? {
        fields.single(name).flatMap { IMFDate.parse($0, now: now) }
    }
}

/// What a `Range` field asks for, of a representation of known length (RFC 9110 §14.2).
package enum ByteRange: Equatable, Sendable {
    /// Everything: there is no such field, or one that is to be ignored, for it has another unit, is
    /// malformed, or asks for so many or overlapping parts that it looks like an attack.
    case whole
    /// Parts that exist, in the order asked for; at least one.
    case parts([Range<Int64>])
    /// 416: no part of it exists.
    case unsatisfiable

    /// More parts than this are not served.
    private static let maximum = 16

    package static func resolve(_ value: String?, length: Int64) -> ByteRange {
        guard let value, value.count > 6, value.prefix(6).lowercased() == "bytes=" else { return .whole }
        var parts: [Range<Int64>] = []
        var asked = 0
        for element in value.dropFirst(6).split(separator: ",") {
            let spec = element.trimmingOptionalSpace()
            if spec.isEmpty { continue }
            asked += 1
            guard asked <= maximum, let part = Part(spec) else { return .whole }
            switch part.resolve(length) {
            case .whole: return .whole
            case .parts(let found): parts += found
            case .unsatisfiable: break
            }
        }
        guard asked > 0, !isExcessive(parts) else { return .whole }
        return parts.isEmpty ? .unsatisfiable : .parts(parts)
    }

    /// RFC 9110 §14.2: more than two overlapping ranges may be ignored.
    private static func isExcessive(_ parts: [Range<Int64>]) -> Bool {
        guard parts.count > 2 else { return false }
        let sorted = parts.sorted { $0.lowerBound < $1.lowerBound }
        return zip(sorted, sorted.dropFirst()).contains { $0.overlaps($1) }
    }

    /// One range as asked for: `first-last`, `first-` or `-length` (§14.1.1).
    private enum Part {
        case from(Int64, to: Int64)
        case suffix(Int64)

        init?(_ spec: Substring) {
            guard let dash = spec.firstIndex(of: "-") else { return nil }
            let first = spec[..<dash]
            let last = spec[spec.index(after: dash)...]
            if first.isEmpty {
                guard let length = DecimalText.value(last) else { return nil }
                self = .suffix(length)
            } else {
                guard let start = DecimalText.value(first),
                    let end = last.isEmpty ? Int64.max : DecimalText.value(last), start <= end
                else { return nil }
                self = .from(start, to: end)
            }
        }

        func resolve(_ length: Int64) -> ByteRange {
            switch self {
            case .from(let first, let last):
                first < length ? .parts([first..<(min(last, length - 1) + 1)]) : .unsatisfiable
            case .suffix(0): .unsatisfiable
            // §14.1.2: satisfiable, but of nothing there is no part to name.
            case .suffix where length == 0: .whole
            case .suffix(let count): .parts([max(0, length - count)..<length])
            }
        }
    }
}
