internal import CLinux
internal import Glibc

/// A failed system call.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    package var call: String
    package var code: CInt

    package init(_ call: StaticString, _ code: CInt) {
        self.call = "\(call)"
        self.code = code
    }

    /// For example, `bind: Address already in use (98)`.
    package var description: String {
        let message = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "unknown error"
        return "\(call): \(message) (\(code))"
    }
}

extension SystemError {
    /// The error of `bind` when another process uses the address, found before binding.
    package static let addressInUse = SystemError("bind", EADDRINUSE)
    /// The error for a file that ends before the requested range.
    package static let fileTooShort = SystemError("read", ENODATA)
}
