/// The content codings (RFC 9110 §8.4.1) that a request accepts.
///
/// Without `Accept-Encoding` a request would accept every coding (§12.5.3), so each request names those that
/// it can decode.
package enum ContentCodingPreference: Sendable {
    /// All codings that libcurl can decode.
    case readable
    /// None; a coding received regardless is decoded. For media, which do not compress.
    case identity
    /// None, and the bytes stay encoded. For responses with a wrong `Content-Encoding`.
    case undecoded
}
