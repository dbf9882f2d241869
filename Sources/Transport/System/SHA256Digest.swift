internal import COpenSSL

/// An incremental SHA-256 digest.
@safe  // The context never leaves this type.
package struct SHA256Digest: ~Copyable {
    /// Looked up once: `EVP_sha256()` is looked up again, under locks, for each digest.
    private static let algorithm = Algorithm()

    private let state: OpaquePointer

    package init() {
        guard let state = unsafe EVP_MD_CTX_new(),
            unsafe EVP_DigestInit_ex2(state, Self.algorithm.pointer, nil) == 1
        else { preconditionFailure("OpenSSL without SHA-256 or without memory") }
        unsafe self.state = state
    }

    deinit { unsafe EVP_MD_CTX_free(state) }

    /// Adds bytes to the digest.
    package mutating func update(_ bytes: [UInt8]) {
        let done = unsafe bytes.withUnsafeBytes {
            unsafe EVP_DigestUpdate(state, $0.baseAddress, $0.count)
        }
        precondition(done == 1)
    }

    /// Returns the digest of `bytes` as four big-endian words, without memory of its own.
    package static func words(of bytes: ArraySlice<UInt8>) -> (UInt64, UInt64, UInt64, UInt64) {
        let digest = SHA256Digest()
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let done = unsafe bytes.withUnsafeBytes { bytes in
            unsafe withUnsafeMutableBytes(of: &words) { words in
                unsafe EVP_DigestUpdate(digest.state, bytes.baseAddress, bytes.count) == 1
                    && EVP_DigestFinal_ex(digest.state, words.bindMemory(to: UInt8.self).baseAddress, nil)
                        == 1
            }
        }
        precondition(done)
        return (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
    }

    /// Returns the digest of the bytes so far as 64 lowercase hexadecimal digits; more may follow.
    package func hexSoFar() -> String {
        let copy = SHA256Digest()
        let done = unsafe EVP_MD_CTX_copy_ex(copy.state, state)
        precondition(done == 1)
        return copy.finishHex()
    }

    /// Returns the 32 bytes of the digest.
    package consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let done = unsafe digest.withUnsafeMutableBufferPointer {
            unsafe EVP_DigestFinal_ex(state, $0.baseAddress, nil)
        }
        precondition(done == 1)
        return digest
    }

    /// Returns the digest as 64 lowercase hexadecimal digits.
    package consuming func finishHex() -> String { Self.hex(finish()) }

    /// Returns the digest of `bytes` as 64 lowercase hexadecimal digits.
    package static func hex(of bytes: [UInt8]) -> String {
        var digest = SHA256Digest()
        digest.update(bytes)
        return digest.finishHex()
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

/// OpenSSL's SHA-256, which lives as long as the process.
@safe
private struct Algorithm: @unchecked Sendable {  // OpenSSL only reads an algorithm.
    let pointer: OpaquePointer

    init() {
        guard let pointer = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("OpenSSL without SHA-256")
        }
        unsafe self.pointer = pointer
    }
}
