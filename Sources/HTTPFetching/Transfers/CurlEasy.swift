internal import CCurl
internal import Glibc

/// A libcurl easy handle. Belongs to one event loop.
@safe  // The pointers are created and freed here; only the multi handle keeps one, and it is removed first.
final class CurlEasy {
    let handle: UnsafeMutableRawPointer
    private var fieldList: UnsafeMutablePointer<curl_slist>?
    /// The first option that libcurl rejected: the transfer must not run.
    private(set) var refusedOption: CURLcode?

    init() {
        guard let handle = unsafe curl_easy_init() else { preconditionFailure("libcurl is out of memory") }
        unsafe self.handle = handle
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(fieldList)
    }

    /// Resets all options, so that no state of one request affects the next.
    func reset() {
        unsafe curl_easy_reset(handle)
        unsafe curl_slist_free_all(fieldList)
        unsafe fieldList = nil
        refusedOption = nil
    }

    func set(_ option: CURLoption, _ value: Int) {
        check(unsafe reel_easy_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, _ value: Int64) {
        check(unsafe reel_easy_set_offset(handle, option, curl_off_t(value)))
    }

    /// Sets a text option; libcurl copies the text.
    func set(_ option: CURLoption, _ text: String) {
        check(unsafe reel_easy_set_text(handle, option, text))
    }

    /// Sets the body; libcurl copies the bytes and may send them repeatedly.
    func copyPostFields(_ bytes: [UInt8]) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, Int64(bytes.count))
        // An empty array may have no address, and without one libcurl would read the body from a callback.
        let bytes = bytes.isEmpty ? [0] : bytes
        check(unsafe reel_easy_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, bytes))
    }

    /// Sets header lines: `Name: value`, `Name;` for an empty value, `Name:` to omit a field that libcurl
    /// adds.
    func setFields(_ lines: [String]) {
        for line in lines {
            guard let longer = unsafe curl_slist_append(fieldList, line) else {
                return check(CURLE_OUT_OF_MEMORY)
            }
            unsafe fieldList = longer
        }
        check(unsafe reel_easy_set_list(handle, CURLOPT_HTTPHEADER, fieldList))
    }

    /// Bytes of request heads (including those to a proxy) and bodies written, over all attempts.
    var bytesWritten: Int64 {
        let heads = unsafe reel_easy_long(handle, CURLINFO_REQUEST_SIZE)
        let bodies = unsafe reel_easy_offset(handle, CURLINFO_SIZE_UPLOAD_T)
        return Int64(max(0, heads)) + Int64(max(0, bodies))
    }

    /// Returns libcurl's description of a result, with the system error of a failed connect. Does not use
    /// libcurl's error buffer, which may quote the URL.
    func message(for code: CURLcode) -> String {
        var message = "\(unsafe String(cString: curl_easy_strerror(code))) (\(code.rawValue))"
        // The proxy's response to CONNECT, if any.
        let connect = unsafe reel_easy_long(handle, CURLINFO_HTTP_CONNECTCODE)
        if connect >= 300 { message += ": the proxy responded with \(connect)" }
        message += Self.trustAdvice(for: code)
        let system = unsafe reel_easy_long(handle, CURLINFO_OS_ERRNO)
        guard code == CURLE_COULDNT_CONNECT, system > 0 else { return message }
        return "\(message): \(unsafe String(cString: strerror(CInt(system))))"
    }

    /// Returns advice for certificate errors: small containers have no authorities, companies have their own.
    private static func trustAdvice(for code: CURLcode) -> String {
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION: ": SSL_CERT_FILE may name the authority to trust"
        case CURLE_SSL_CACERT_BADFILE: ": install ca-certificates, or name authorities with SSL_CERT_FILE"
        default: ""
        }
    }

    func check(_ code: CURLcode) {
        if code != CURLE_OK, refusedOption == nil { refusedOption = code }
    }
}

@available(*, unavailable)
extension CurlEasy: Sendable {}  // Belongs to one event loop.
