package import Transport

/// The progress of a handshake.
package enum HandshakeProgress: Equatable, Sendable {
    case done
    case waits(for: Interest)
    /// The client does not speak TLS: the stream is plain now, and its first bytes are lost.
    case notTLS(firstByte: UInt8)
    /// The handshake failed; the text is OpenSSL's reason.
    case failed(String)
}
