internal import CLinux
internal import Glibc

/// An eventfd that ends a loop's wait from another thread.
final class WakeupEvent: Sendable {
    private let descriptor: OwnedDescriptor

    init() throws(SystemError) {
        let fileDescriptor = try systemCall("eventfd") { Int(eventfd(0, CInt(EFD_NONBLOCK | EFD_CLOEXEC))) }
        descriptor = OwnedDescriptor(adopting: CInt(fileDescriptor))
    }

    var fileDescriptor: CInt { descriptor.fileDescriptor }

    func wake() {
        // Fails only at a count of 2⁶⁴ unread wakeups.
        var one: UInt64 = 1
        _ = unsafe write(descriptor.fileDescriptor, &one, MemoryLayout<UInt64>.size)
    }
}
