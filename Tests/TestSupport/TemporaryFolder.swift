import Foundation

/// A folder of a test's own, removed with this object.
package final class TemporaryFolder: Sendable {
    private let url: URL

    /// Makes it.
    package init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "reelgate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The path of a name in it.
    package func path(_ name: String) -> String { url.appending(path: name).path }
}
