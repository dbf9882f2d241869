/// The format of a media file, recognised by its first bytes.
///
/// The type that a server states is ignored: content from elsewhere must not choose how a browser treats it.
/// The signatures are those of the WHATWG MIME Sniffing standard and of the formats' own specifications.
struct MediaFormat: Equatable, Sendable {
    /// The number of first bytes that are inspected.
    static let prefixLength = 512

    let contentType: String
    /// Whether it consists of boxes (ISO/IEC 14496-12), which `MP4Structure` verifies.
    let hasBoxes: Bool

    /// Returns `nil` if the bytes begin like no known media.
    init?(startingWith start: [UInt8]) {
        if let type = Self.boxed(start) {
            (contentType, hasBoxes) = (type, true)
        } else if let type = Self.signed(start) ?? Self.framed(start) {
            (contentType, hasBoxes) = (type, false)
        } else {
            return nil
        }
    }

    /// MP4, QuickTime and the picture formats that share their boxes, by the brand in the first box.
    private static func boxed(_ start: [UInt8]) -> String? {
        guard start.count >= 12 else { return nil }
        switch String(decoding: start[4..<8], as: UTF8.self) {
        case "ftyp": break
        // QuickTime files from before the brand began with one of these.
        case "moov", "mdat", "wide", "pnot": return "video/quicktime"
        case "styp", "moof", "sidx": return "video/mp4"
        default: return nil
        }
        switch String(decoding: start[8..<12], as: UTF8.self) {
        case "qt  ": return "video/quicktime"
        case "avif", "avis": return "image/avif"
        case "heic", "heix", "mif1", "msf1": return "image/heic"
        default: return "video/mp4"
        }
    }

    private static func signed(_ start: [UInt8]) -> String? {
        let isRIFF = start.starts(with: "RIFF".utf8) && start.count >= 12
        if isRIFF {
            switch String(decoding: start[8..<12], as: UTF8.self) {
            case "WEBP": return "image/webp"
            case "AVI ": return "video/x-msvideo"
            default: return nil
            }
        }
        return signatures.first { start.starts(with: $0.bytes) }?.type
    }

    private static let signatures: [(bytes: [UInt8], type: String)] = [
        ([0xFF, 0xD8, 0xFF], "image/jpeg"),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"),
        (Array("GIF87a".utf8), "image/gif"),
        (Array("GIF89a".utf8), "image/gif"),
        (Array("OggS\0".utf8), "video/ogg"),
        (Array("FLV\u{1}".utf8), "video/x-flv"),
        ([0, 0, 1, 0xBA], "video/mpeg"),
    ]

    /// Matroska by its document type, MPEG transport streams by their sync bytes.
    private static func framed(_ start: [UInt8]) -> String? {
        if start.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            let isWebM = start.prefix(64).firstRange(of: Array("webm".utf8)) != nil
            return isWebM ? "video/webm" : "video/x-matroska"
        }
        let isStream = start.count > 376 && [0, 188, 376].allSatisfy { start[$0] == 0x47 }
        return isStream ? "video/mp2t" : nil
    }
}
