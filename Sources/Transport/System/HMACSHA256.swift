internal import COpenSSL

/// Message authentication codes by HMAC (RFC 2104) with SHA-256.
package enum HMACSHA256 {
    /// Returns the 32 bytes of the code.
    package static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let result = unsafe key.withUnsafeBytes { key in
            unsafe code.withUnsafeMutableBufferPointer { code in
                unsafe HMAC(
                    EVP_sha256(), key.baseAddress, CInt(key.count), message, message.count,
                    code.baseAddress, &length)
            }
        }
        precondition(unsafe result != nil && length == 32, "OpenSSL without HMAC or without memory")
        return code
    }
}
