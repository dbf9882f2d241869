internal import CLinux
internal import Glibc

/// Access to the bytes of an open file by its descriptor, which the caller keeps open.
package struct FileReader: Sendable {
    package let fileDescriptor: CInt

    package init(fileDescriptor: CInt) { self.fileDescriptor = fileDescriptor }

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
