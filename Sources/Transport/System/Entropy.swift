internal import Glibc
internal import CLinux

/// Cryptographically secure random values from the operating system.
package enum Entropy {
    /// Returns `count` random bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let more = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe getrandom(buffer.baseAddress! + filled, count - filled, 0)
            }
            // EINTR before anything was read: retry. Nothing else can fail here.
            if more > 0 { filled += more }
        }
        return bytes
    }

    /// Returns a random number.
    package static func randomNumber() -> UInt64 {
        bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
