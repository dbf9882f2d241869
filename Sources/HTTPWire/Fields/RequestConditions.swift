/// The preconditions of a request (RFC 9110 §13).
package struct RequestConditions: Sendable {
    /// The result of evaluating the preconditions.
    package enum Outcome: Equatable, Sendable {
        case proceed
        /// 304: the client's copy is current.
        case notModified
        /// 412: the representation does not match the condition.
        case failed
    }

    /// The validators of the selected representation.
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
    private let isSafe: Bool
    private let now: Int64

    package init(_ head: RequestHead, now: Int64) {
        fields = head.fields
        isSafe = head.method == "GET" || head.method == "HEAD"
        self.now = now
    }

    /// Evaluates the conditions in the order of RFC 9110 §13.2.2, for a representation that exists.
    package func outcome(_ current: Validators) -> Outcome {
        if fields.contains("If-Match") {
            guard matches("If-Match", { current.entityTag?.isStronglyEqual(to: $0) }) else { return .failed }
        } else if let since = date("If-Unmodified-Since"), let modified = current.lastModified {
            guard modified <= since else { return .failed }
        }
        if fields.contains("If-None-Match") {
            let isKnown = matches("If-None-Match") { current.entityTag?.isWeaklyEqual(to: $0) }
            return isKnown ? (isSafe ? .notModified : .failed) : .proceed
        }
        if isSafe, let since = date("If-Modified-Since"), let modified = current.lastModified,
            modified <= since
        {
            return .notModified
        }
        return .proceed
    }

    /// Returns whether a `Range` field applies (§13.1.5): without `If-Range`, or if its tag matches strongly.
    /// Dates never match, because one second may see two versions; two `If-Range` fields do not match either.
    package func allowsRange(_ current: Validators) -> Bool {
        guard fields.contains("If-Range") else { return true }
        guard let condition = fields.single("If-Range"), let tag = EntityTag.parse(condition),
            let currentTag = current.entityTag
        else { return false }
        return tag.isStronglyEqual(to: currentTag)
    }

    /// Returns whether a tag matches; an unreadable list matches nothing.
    private func matches(_ name: String, _ isEqual: (EntityTag) -> Bool?) -> Bool {
        switch EntityTagList.parse(fields.values(name)) {
        case .any: true
        case .tags(let tags): tags.contains { isEqual($0) ?? false }
        case nil: false
        }
    }

    /// RFC 9110 §13.1.3, §13.1.4: anything but one valid date is ignored.
    private func date(_ name: String) -> Int64? {
        fields.single(name).flatMap { IMFDate.parse($0, now: now) }
    }
}
