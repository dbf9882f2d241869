internal import CCurl
internal import Glibc

/// One easy handle of libcurl: options in, facts out. Belongs to one event loop.
@safe  // The pointers are made and freed here; only the multi handle keeps one, and it lets go first.
final class CurlEasy {
    let handle: UnsafeMutableRawPointer
    private var fieldList: UnsafeMutablePointer<curl_slist>?
    /// The first option that libcurl refused: the transfer must not run without it.
    private(set) var refusedOption: CURLcode?

    init() {
        guard let handle = unsafe curl_easy_init() else { preconditionFailure("libcurl is out of memory") }
        unsafe self.handle = handle
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(fieldList)
    }

    /// Back to libcurl's defaults, so that nothing of one request shows in the next.
    func reset() {
        unsafe curl_easy_reset(handle)
        unsafe curl_slist_free_all(fieldList)
        unsafe fieldList = nil
        refusedOption = nil
    }

    func set(_ option: CURLoption, _ value: Int) {
        note(unsafe reel_easy_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, _ value: Int64) {
        note(unsafe reel_easy_set_offset(handle, option, curl_off_t(value)))
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ text: String) {
        note(unsafe reel_easy_set_text(handle, option, text))
    }

    /// libcurl copies the bytes; it sends them as often as it likes.
    func copyPostFields(_ bytes: [UInt8]) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, Int64(bytes.count))
        // An empty array may have no address, and without an address libcurl would read the body from a
        // callback.
        let bytes = bytes.isEmpty ? [0] : bytes
        note(unsafe reel_easy_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, bytes))
    }

    /// Lines `Name: value`, `Name;` for an empty value, `Name:` to leave out what libcurl would add.
    func setFields(_ lines: [String]) {
        for line in lines {
            guard let longer = unsafe curl_slist_append(fieldList, line) else {
                return note(CURLE_OUT_OF_MEMORY)
            }
            unsafe fieldList = longer
        }
        note(unsafe reel_easy_set_list(handle, CURLOPT_HTTPHEADER, fieldList))
    }

    /// Bytes of request heads (those to a proxy too) and of bodies that were written, over all attempts.
    var bytesWritten: Int64 {
        let heads = unsafe reel_easy_long(handle, CURLINFO_REQUEST_SIZE)
        let bodies = unsafe reel_easy_offset(handle, CURLINFO_SIZE_UPLOAD_T)
        return Int64(max(0, heads)) + Int64(max(0, bodies))
    }

    /// libcurl's words for a result, with the system's where a connect failed. No error buffer: it may quote
    /// the URL.
    func message(for code: CURLcode) -> String {
        var message = "\(unsafe String(cString: curl_easy_strerror(code))) (\(code.rawValue))"
        // A proxy's answer to CONNECT, if there was one.
        let connect = unsafe reel_easy_long(handle, CURLINFO_HTTP_CONNECTCODE)
        if connect >= 300 { message += ": the proxy answered \(connect)" }
        message += Self.trustNote(for: code)
        let system = unsafe reel_easy_long(handle, CURLINFO_OS_ERRNO)
        guard code == CURLE_COULDNT_CONNECT, system > 0 else { return message }
        return "\(message): \(unsafe String(cString: strerror(CInt(system))))"
    }

    /// What helps where nobody is trusted: small containers have no authorities, companies have their own.
    private static func trustNote(for code: CURLcode) -> String {
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION: ": SSL_CERT_FILE may name the authority to trust"
        case CURLE_SSL_CACERT_BADFILE: ": install ca-certificates, or name authorities with SSL_CERT_FILE"
        default: ""
        }
    }

    func note(_ code: CURLcode) {
        if code != CURLE_OK, refusedOption == nil { refusedOption = code }
    }
}

@available(*, unavailable)
extension CurlEasy: Sendable {}  // Belongs to one event loop.
