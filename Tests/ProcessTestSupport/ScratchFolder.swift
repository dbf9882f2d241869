import FoundationEssentials

/// A temporary folder of a test, removed with this object.
package final class ScratchFolder: Sendable {
    package let path: String

    package init() throws {
        let name = "reelgate-\(UInt64.random(in: .min ... .max))"
        path = FileManager.default.temporaryDirectory.path + "/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, with the folders above it, and returns its path.
    ///
    /// - Parameter mode: the permission bits; `nil` for those that the process gives new files.
    package func write(_ text: String, to name: String, mode: Int? = nil) throws -> String {
        let file = "\(path)/\(name)"
        let folder = file.prefix(upTo: file.lastIndex(of: "/") ?? file.endIndex)
        try FileManager.default.createDirectory(atPath: String(folder), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
        if let mode { try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file) }
        return file
    }
}
