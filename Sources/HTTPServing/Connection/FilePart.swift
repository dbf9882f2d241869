internal import Transport

/// Part of an open file that is still to be sent.
final class FilePart {
    private let file: BodyFile
    var offset: Int64
    var remaining: Int

    /// Throws if the file is shorter than the range demands.
    init(_ file: BodyFile, offset: Int64, length: Int64) throws(SystemError) {
        guard offset >= 0, length >= 0, length <= file.size - offset else { throw SystemError.fileTooShort }
        self.file = file
        self.offset = offset
        remaining = Int(length)
    }

    /// The reader of the file, which is open for as long as this part exists.
    var reader: FileReader { FileReader(fileDescriptor: file.fileDescriptor) }
}
