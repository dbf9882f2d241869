import Transport

/// Inspects the bytes of a download as they pass: length, digest, format, and whether it is complete.
struct MediaInspector: ~Copyable {
    private(set) var bytes: Int64 = 0
    private var digest = SHA256Digest()
    private var start: [UInt8] = []
    private var structure = MP4Structure()
    /// Why the structure is invalid; no further bytes are parsed then.
    private var formatError: MP4Structure.FormatError?

    /// Inspects the next piece, of any length.
    mutating func consume(_ piece: [UInt8]) {
        if start.count < MediaFormat.prefixLength {
            start += piece.prefix(MediaFormat.prefixLength - start.count)
        }
        if formatError == nil {
            do throws(MP4Structure.FormatError) { try structure.consume(piece) } catch { formatError = error }
        }
        digest.update(piece)
        bytes += Int64(piece.count)
    }

    /// The digest of the bytes so far, in lower-case hexadecimal.
    func sha256SoFar() -> String { digest.hexSoFar() }

    /// Returns the properties of the complete download.
    consuming func finish() -> InspectedMedia {
        let format = MediaFormat(startingWith: start)
        if formatError == nil {
            do throws(MP4Structure.FormatError) { try structure.finish() } catch { formatError = error }
        }
        let hasBoxes = format?.hasBoxes == true
        // Beyond an error there may be further boxes.
        let isInspected = hasBoxes && (formatError == nil || structure.hasManifest)
        return InspectedMedia(
            format: format, bytes: bytes, sha256: digest.finishHex(),
            structureIssue: hasBoxes ? formatError?.message : nil,
            contentCredentials: isInspected ? structure.hasManifest : nil)
    }
}
