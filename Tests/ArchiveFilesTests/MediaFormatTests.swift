import Testing

@testable import ArchiveFiles

/// Formats by their signatures.
@Suite struct MediaFormatTests {
    private static func box(_ type: String) -> [UInt8] { [0, 0, 0, 24] + Array(type.utf8) }
    private static func ebml(_ type: String) -> [UInt8] {
        [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x84] + Array(type.utf8)
    }
    private static let frame: [UInt8] = [0x47] + Array(repeating: 0, count: 187)

    private static let starts: [(bytes: [UInt8], type: String)] = [
        (box("ftypisom"), "video/mp4"), (box("ftypmp42"), "video/mp4"),
        (box("ftypqt  "), "video/quicktime"), (box("moov\0\0\0\0"), "video/quicktime"),
        (box("ftypavif"), "image/avif"), (box("ftypheic"), "image/heic"),
        (ebml("webm"), "video/webm"), (ebml("matroska"), "video/x-matroska"),
        ([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"), (Array("GIF89a".utf8), "image/gif"),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"),
        (Array("RIFF....WEBPVP8 ".utf8), "image/webp"), (Array("RIFF....AVI LIST".utf8), "video/x-msvideo"),
        (frame + frame + frame, "video/mp2t"),
    ]

    @Test func `media is recognised by its first bytes`() {
        for start in Self.starts {
            #expect(MediaFormat(startingWith: start.bytes)?.contentType == start.type)
        }
    }

    @Test(arguments: ["", "<!DOCTYPE html>", "{\"error\":1}", "RIFF....WAVE", "<svg xmlns=", "GIF8", "G"])
    func `anything else is no media`(_ start: String) {
        #expect(MediaFormat(startingWith: Array(start.utf8)) == nil)
    }
}
