internal import Transport

/// Part of an open file that is still to be sent.
final class FilePart {
    let file: OpenFile
    var offset: Int64
    var remaining: Int

    /// Opens the file; throws if it is shorter than the range demands.
    init(_ range: FileRange) throws(SystemError) {
        file = try OpenFile(range.path)
        guard range.offset >= 0, range.length >= 0, range.length <= file.size - range.offset else {
            throw SystemError.fileTooShort
        }
        offset = range.offset
        remaining = Int(range.length)
    }
}
