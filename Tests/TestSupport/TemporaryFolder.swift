import Foundation

/// A temporary folder of a test, removed with this object.
package final class TemporaryFolder: Sendable {
    private let url: URL

    /// Creates the folder.
    package init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "reelgate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Returns the path of a file in the folder.
    package func path(_ name: String) -> String { url.appending(path: name).path }
}
