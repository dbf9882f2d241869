import Foundation

/// The user that a file belongs to.
struct FileOwner: CustomStringConvertible {
    let id: UInt32
    private let name: String?

    /// `nil` if there is no such file, or its folder cannot be searched.
    init?(of path: String) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let id = (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value else { return nil }
        self.id = id
        name = attributes?[.ownerAccountName] as? String
    }

    /// `user reelgate (uid 998)`
    var description: String { name.map { "user \($0) (uid \(id))" } ?? "uid \(id)" }
}
