import Transport

/// What is learnt of a download while its bytes pass: length, digest, type, and whether it is whole.
struct MediaCheck: ~Copyable {
    private(set) var bytes: Int64 = 0
    private var digest = SHA256Digest()
    private var start: [UInt8] = []
    private var structure = MP4Structure()
    /// Why the structure is broken; nothing is read of it afterwards.
    private var fault: MP4Structure.Fault?

    mutating func take(_ piece: [UInt8]) {
        if start.count < MediaType.prefixLength {
            start += piece.prefix(MediaType.prefixLength - start.count)
        }
        if fault == nil {
            do throws(MP4Structure.Fault) { try structure.consume(piece) } catch { fault = error }
        }
        digest.update(piece)
        bytes += Int64(piece.count)
    }

    /// The findings, once all bytes have passed.
    consuming func finish() -> MediaFindings {
        let type = MediaType(startingWith: start)
        if fault == nil {
            do throws(MP4Structure.Fault) { try structure.finish() } catch { fault = error }
        }
        return MediaFindings(
            type: type, bytes: bytes, sha256: digest.finishHex(),
            damage: type?.hasBoxes == true ? fault?.message : nil)
    }
}

/// What complete bytes turned out to be.
struct MediaFindings: Equatable, Sendable {
    /// `nil` if they begin like no media.
    var type: MediaType?
    var bytes: Int64
    /// Lower-case hexadecimal.
    var sha256: String
    /// Why their structure is not whole; `nil` if it is, or if their type has none that we verify.
    var damage: String?

    /// What is wrong with them, for a person; `nil` for media that verification passes.
    var complaint: String? {
        guard type != nil else {
            return bytes == 0 ? "what came is empty" : "what came is no media that we know (\(bytes) bytes)"
        }
        return damage.map { "what came is no whole MP4: \($0)" }
    }
}
