import Testing

@testable import ArchiveFiles

@Suite struct MP4StructureTests {
    private typealias Video = ExampleVideo

    private func message(of pieces: [[UInt8]]) -> String? {
        var structure = MP4Structure()
        do throws(MP4Structure.FormatError) {
            for piece in pieces { try structure.consume(piece) }
            try structure.finish()
            return nil
        } catch {
            return error.message
        }
    }

    @Test func `a real video is complete`() throws {
        #expect(message(of: [try Video.real()]) == nil)
    }

    @Test func `a real video that lacks its last byte is not`() throws {
        #expect(message(of: [try Video.real().dropLast()]) != nil)
    }

    @Test(arguments: [
        Video.whole(),
        Video.box("ftyp") + Video.box("mdat", [1]) + Video.box("moov"),
        Video.box("ftyp") + Video.box("free") + Video.wideBox("moov", [9]) + Video.wideBox("mdat", [1, 2]),
        Video.box("ftyp") + Video.box("moov") + Video.header("mdat", size: 0) + [1, 2, 3],
    ])
    func `complete files are accepted, split anywhere into two pieces`(_ video: [UInt8]) {
        for cut in video.indices {
            #expect(message(of: [Array(video[..<cut]), Array(video[cut...])]) == nil, "cut at \(cut)")
        }
    }

    @Test func `a file is accepted byte by byte`() {
        #expect(message(of: Video.whole().map { [$0] }) == nil)
    }

    @Test func `every shorter prefix of a file is refused`() {
        let video = Video.whole(media: 50)
        for end in video.indices {
            #expect(message(of: [Array(video[..<end])]) != nil, "the first \(end) bytes")
        }
    }

    @Test func `an incomplete file has its reason`() {
        let beginning = Video.box("ftyp")
        let indexed = beginning + Video.box("moov")
        let faults: [(bytes: [UInt8], message: String)] = [
            ([], "it is empty"),
            (Array("<!DOCTYPE html><html></html>".utf8), "it does not begin like an MP4"),
            (Array(repeating: 0xFF, count: 4_000), "it does not begin like an MP4"),
            (Video.box("moov") + beginning, "it does not begin like an MP4"),
            (beginning + Video.box("mdat", [1]), "it has no moov box"),
            (indexed, "it has no media"),
            (indexed + Video.box("mdat"), "it has no media"),
            (indexed + Video.header("mdat", size: 0), "it has no media"),
            (Video.whole() + [0, 0, 0], "it ends within a box's header"),
        ]
        for fault in faults { #expect(message(of: [fault.bytes]) == fault.message) }
    }

    @Test func `a box smaller than its header is refused`() {
        let narrow = [2, 7].map { Video.header("mdat", size: $0) }
        let wide = [0, 15].map { Video.header("mdat", wideSize: $0) }
        for header in narrow + wide {
            let bytes = Video.box("ftyp") + Video.box("moov") + header + Array(repeating: 0, count: 100)
            #expect(message(of: [bytes]) == "a box is smaller than its header")
        }
    }

    @Test(arguments: [.max, .max - 1, 1 << 63, (1 << 63) - 1] as [UInt64])
    func `a huge size is only a box that is incomplete`(_ size: UInt64) {
        let bytes = Video.box("ftyp") + Video.box("moov") + Video.header("mdat", wideSize: size)
        #expect(
            message(of: [bytes + [1, 2, 3], [4]]) == "\(size - 16 - 4) bytes of its box mdat are missing")
    }
}
