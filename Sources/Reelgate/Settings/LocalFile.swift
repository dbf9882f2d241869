import Foundation

/// Reads small local files.
enum LocalFile {

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Reads a text file as UTF-8, without a leading byte order mark.
    ///
    /// - Parameter limit: the maximum length in bytes of UTF-8.
    static func read(_ path: String, limit: Int) throws(LocalFileError) -> [UInt8] {
        let manager = FileManager.default
        var isFolder = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw LocalFileError(message: "there is no such file")
        }
        if isFolder { throw LocalFileError(message: "it is a folder") }
        guard manager.isReadableFile(atPath: path), let data = manager.contents(atPath: path) else {
            throw LocalFileError(message: "it cannot be read: check its owner and mode")
        }
        let tooLong = LocalFileError(message: "it is longer than \(limit) bytes")
        guard data.count / 2 - 2 <= limit else { throw tooLong }
        let text = try decoded([UInt8](data))
        guard text.count <= limit else { throw tooLong }
        return text
    }

    /// Returns a text as UTF-8 without its byte order mark. Windows editors and shells write one, some of
    /// them UTF-16.
    static func decoded(_ bytes: [UInt8]) throws(LocalFileError) -> [UInt8] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
        let isBigEndian = bytes.starts(with: [0xFE, 0xFF])
        guard isBigEndian || bytes.starts(with: [0xFF, 0xFE]) else { return bytes }
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place in
            let pair = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            return isBigEndian ? pair.0 << 8 | pair.1 : pair.1 << 8 | pair.0
        }
        guard bytes.count.isMultiple(of: 2), let text = String(validating: units, as: UTF16.self) else {
            throw LocalFileError(message: "it begins like UTF-16 and is not: save it as UTF-8")
        }
        return Array(text.utf8)
    }

    /// Returns whether other users may access the file.
    static func isReadableByOthers(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
        return mode & 0o077 != 0
    }
}
