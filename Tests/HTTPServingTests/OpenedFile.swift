import HTTPServing
import Transport

/// An open file, which reports that it was closed.
final class OpenedFile: Sendable {
    private let file: OpenFile
    private let onClose: @Sendable () -> Void

    private init(_ path: String, onClose: @escaping @Sendable () -> Void) throws(SystemError) {
        file = try OpenFile(path)
        self.onClose = onClose
    }

    deinit { onClose() }

    /// Opens a file for one response.
    static func body(
        _ path: String, onClose: @escaping @Sendable () -> Void = {}
    ) throws(SystemError) -> BodyFile {
        let opened = try OpenedFile(path, onClose: onClose)
        return BodyFile(
            fileDescriptor: opened.file.reader.fileDescriptor, size: opened.file.size, owner: opened)
    }
}
