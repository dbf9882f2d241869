internal import CLinux
internal import Glibc

/// A regular file opened for reading.
package struct OpenFile: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// The size when the file was opened, in bytes.
    package let size: Int64

    var fileDescriptor: CInt { descriptor.fileDescriptor }

    /// Opens a regular file; anything else throws `EISDIR` or `EINVAL`.
    package init(_ path: String) throws(SystemError) {
        // Non-blocking: opening a FIFO would otherwise wait for a writer.
        let opened = try FileSystem.open(path, O_RDONLY | O_NONBLOCK)
        var status = stat()
        let fileDescriptor = opened.fileDescriptor
        try systemCall("fstat") { Int(unsafe fstat(fileDescriptor, &status)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw SystemError("open", EISDIR)
        default: throw SystemError("open", EINVAL)
        }
        size = Int64(status.st_size)
        descriptor = opened
    }

    /// Appends `count` bytes from `offset`. Returns whether the file has that many; otherwise appends
    /// nothing.
    package func append(
        _ count: Int, from offset: Int64, to out: inout [UInt8]
    ) throws(SystemError) -> Bool {
        let start = out.count
        try out.append(addingCapacity: count) { span throws(SystemError) in
            try unsafe span.withUnsafeMutableBufferPointer { room, filled throws(SystemError) in
                let room = unsafe UnsafeMutableBufferPointer(start: room.baseAddress, count: count)
                filled = try unsafe fill(room, from: offset)
            }
        }
        if out.count == start + count { return true }
        out.removeLast(out.count - start)
        return false
    }

    /// Reads until the buffer is full or the file ends. Returns the number of bytes.
    private func fill(
        _ room: UnsafeMutableBufferPointer<UInt8>, from offset: Int64
    ) throws(SystemError) -> Int {
        var filled = 0
        while filled < room.count {
            let (start, count) = (filled, room.count - filled)
            let read = try systemCall("pread") {
                unsafe pread(fileDescriptor, room.baseAddress! + start, count, off_t(offset) + start)
            }
            if read == 0 { break }
            filled += read
        }
        return filled
    }

    /// Reads up to `count` bytes from `offset`; fewer only at the end of the file.
    package func read(at offset: Int64, count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let start = filled
            let more = try systemCall("pread") {
                unsafe bytes.withUnsafeMutableBytes {
                    unsafe pread(
                        fileDescriptor, $0.baseAddress! + start, count - start, off_t(offset) + start)
                }
            }
            if more == 0 { break }
            filled += more
        }
        bytes.removeLast(count - filled)
        return bytes
    }
}
