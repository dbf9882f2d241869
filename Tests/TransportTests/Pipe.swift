import Glibc
import Synchronization
import Transport

/// A non-blocking pipe.
final class Pipe {
    let reader: CInt
    let writer: CInt

    init() throws {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SystemError("pipe", errno) }
        (reader, writer) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    }

    func write() {
        var byte = UInt8(ascii: "x")
        _ = unsafe Glibc.write(writer, &byte, 1)
    }

    /// The byte waiting in it; `nil` if there is none.
    static func read(_ number: CInt) -> String? {
        var byte: UInt8 = 0
        return unsafe Glibc.read(number, &byte, 1) == 1 ? String(Unicode.Scalar(byte)) : nil
    }

    deinit {
        close(reader)
        close(writer)
    }
}
