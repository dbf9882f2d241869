internal import COpenSSL

/// Texts from OpenSSL.
enum OpenSSLText {
    /// Returns what a call prints.
    static func collect(_ write: (OpaquePointer?) -> CInt) -> String {
        guard let sink = unsafe BIO_new(BIO_s_mem()) else { return "" }
        defer { unsafe BIO_free(sink) }
        _ = unsafe write(sink)
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = unsafe BIO_read(sink, &bytes, CInt(bytes.count))
        return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
    }

    /// Returns the reason of the last error and clears OpenSSL's error queue.
    static func takeReason() -> String {
        defer { ERR_clear_error() }
        let code = ERR_peek_last_error()
        return unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) } ?? "unknown reason"
    }
}
