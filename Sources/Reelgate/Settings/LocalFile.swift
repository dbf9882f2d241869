import Foundation

/// Reads small files of the person who runs us.
enum LocalFile {
    /// Why a file was not read, in words for that person.
    struct Failure: Error { var message: String }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let manager = FileManager.default
        var isFolder = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(message: "there is no such file")
        }
        if isFolder { throw Failure(message: "it is a folder") }
        guard manager.isReadableFile(atPath: path), let data = manager.contents(atPath: path) else {
            throw Failure(message: "it cannot be read: check its owner and mode")
        }
        guard data.count <= limit else { throw Failure(message: "it is longer than \(limit) bytes") }
        return [UInt8](data)
    }

    /// Whether others than its owner may read a file.
    static func isReadableByOthers(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
        return mode & 0o077 != 0
    }
}
