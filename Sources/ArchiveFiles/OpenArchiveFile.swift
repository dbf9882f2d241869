import Gateway
import Transport

/// A file of the archive that is open for reading, closed when the object is released.
final class OpenArchiveFile: ArchivedFile {
    private let file: OpenFile

    private init(_ file: consuming OpenFile) { self.file = file }

    /// Opens a file; returns `nil` if there is none.
    static func open(_ path: String) throws(SystemError) -> OpenArchiveFile? {
        do throws(SystemError) {
            return OpenArchiveFile(try OpenFile(path))
        } catch {
            guard try FileSystem.size(of: path) == nil else { throw error }
            return nil
        }
    }

    var fileDescriptor: Int32 { file.reader.fileDescriptor }
    var bytes: Int64 { file.size }
}
