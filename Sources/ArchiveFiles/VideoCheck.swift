import Gateway
import Transport
import VideoJobs

/// What is learnt of a video while its bytes pass: length, digest, and whether it is whole.
struct VideoCheck: ~Copyable {
    private(set) var bytes: Int64 = 0
    private var digest = SHA256Digest()
    private var structure: MP4Structure?

    /// Without `verify` any bytes are a video.
    init(verify: Bool) { structure = verify ? MP4Structure() : nil }

    mutating func take(_ piece: [UInt8]) throws(MP4Structure.Fault) {
        try structure?.consume(piece)
        digest.update(piece)
        bytes += Int64(piece.count)
    }

    consuming func finish() throws(MP4Structure.Fault) -> ArchivedResult {
        try structure?.finish()
        // Never what the other side calls it: content that we serve must not choose how a browser treats it.
        let type = structure == nil ? "application/octet-stream" : "video/mp4"
        return ArchivedResult(contentType: type, bytes: bytes, sha256: digest.finishHex())
    }
}
