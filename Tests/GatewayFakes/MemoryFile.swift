import Gateway

/// A file without a file: its descriptor is negative, and differs for each result of a task.
package final class MemoryFile: ArchivedFile {
    package let fileDescriptor: Int32
    package let bytes: Int64

    /// - Parameter number: the index of the result.
    package init(number: Int = 0, bytes: Int64) {
        fileDescriptor = -1 - Int32(number)
        self.bytes = bytes
    }
}
