import HTTPFetching
import HTTPWire

/// A strong validator of a representation (RFC 9110 §8.8), with which the rest of it can be requested later.
struct RangeValidator: Equatable, Sendable {
    /// The field that it comes from.
    enum Kind: String, Sendable {
        case entityTag = "etag"
        case lastModified = "modified"
    }

    private static let lengthMax = 512

    let kind: Kind
    /// The value of the field, which is also that of `If-Range`.
    let text: String

    /// Creates a stored validator; `nil` for a text that is none.
    init?(_ kind: Kind, _ text: String) {
        guard text.utf8.count <= Self.lengthMax, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return nil
        }
        switch kind {
        case .entityTag:
            guard let tag = EntityTag.parse(text), !tag.isWeak, !tag.opaque.isEmpty else { return nil }
        case .lastModified:
            guard Self.seconds(text) != nil else { return nil }
        }
        (self.kind, self.text) = (kind, text)
    }

    /// Creates the validator of a response; `nil` if it has none that is strong.
    ///
    /// A date is used only without an entity tag, and if it is older than the response (§8.8.2.2, §13.1.5):
    /// one second may see two versions.
    init?(of response: FetchResponse) {
        if response["ETag"] != nil {
            guard let tag = response.single("ETag") else { return nil }
            self.init(.entityTag, tag)
        } else {
            guard let modified = response.single("Last-Modified"), let date = response.single("Date"),
                let changed = Self.seconds(modified), let sent = Self.seconds(date), sent > changed
            else { return nil }
            self.init(.lastModified, modified)
        }
    }

    /// Returns whether a response has this validator.
    func matches(_ response: FetchResponse) -> Bool {
        switch kind {
        case .entityTag:
            guard let found = response.single("ETag").flatMap(EntityTag.parse),
                let own = EntityTag.parse(text)
            else { return false }
            return own.isStronglyEqual(to: found)
        case .lastModified:
            guard let found = response.single("Last-Modified") else { return false }
            return Self.seconds(found) == Self.seconds(text)
        }
    }

    // The century of a two-digit year is of no importance: both dates have the same.
    private static func seconds(_ text: String) -> Int64? { IMFDate.parse(text, now: 1_800_000_000) }
}

extension FetchResponse {
    /// The value of a field that occurs once.
    func single(_ name: String) -> String? {
        let values = fields.filter { $0.name.lowercased() == name.lowercased() }
        return values.count == 1 ? values[0].value : nil
    }
}
