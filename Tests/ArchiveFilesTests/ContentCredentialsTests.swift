import Testing

@testable import ArchiveFiles

@Suite struct ContentCredentialsTests {
    static let userType: [UInt8] = [
        0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81,
    ]

    /// A box with C2PA's user type.
    static func box(_ purpose: String, _ type: [UInt8] = userType) -> [UInt8] {
        let content = type + [0, 0, 0, 0] + Array(purpose.utf8) + [0] + [UInt8](repeating: 7, count: 40)
        return ExampleVideo.box("uuid", content)
    }

    static let store: [UInt8] =
        Array("c2pa".utf8) + [0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71]

    /// Inspects a file in pieces of a size.
    private func inspect(_ bytes: [UInt8], piece: Int) -> InspectedMedia {
        var inspector = MediaInspector()
        for start in stride(from: 0, to: bytes.count, by: piece) {
            inspector.consume(Array(bytes[start..<min(start + piece, bytes.count)]))
        }
        return inspector.finish()
    }

    @Test(arguments: [
        (ContentCredentialsTests.box("manifest"), true), (ContentCredentialsTests.box("original"), true),
        (ContentCredentialsTests.box("update"), true), (ContentCredentialsTests.box("merkle"), false),
        (ContentCredentialsTests.box("manifes"), false),
        (ContentCredentialsTests.box("manifest", Array(ContentCredentialsTests.userType.reversed())), false),
        (ExampleVideo.box("uuid"), false),
        (ExampleVideo.box("uuid", ContentCredentialsTests.userType), false),
        (ExampleVideo.box("jumb", ExampleVideo.box("jumd", ContentCredentialsTests.store + [3])), true),
        (ExampleVideo.box("jumb", ExampleVideo.box("jumd", ContentCredentialsTests.store.reversed())), false),
        (ExampleVideo.box("free", ContentCredentialsTests.userType), false), ([], false),
    ])
    func `a manifest is found by its box, at either end, in pieces of any size`(
        _ box: [UInt8], _ expected: Bool
    ) {
        let video = ExampleVideo.whole(media: 50)
        let type = ExampleVideo.box("ftyp", Array("isom\0\0\u{2}\0isomiso2".utf8))
        for file in [video + box, type + box + video.dropFirst(type.count)] {
            for piece in [1, 3, 7, 10_000] {
                let media = inspect(file, piece: piece)
                #expect(media.contentCredentials == expected)
                #expect(media.issue == nil)
            }
        }
    }

    @Test func `of an incomplete file or another format nothing is known`() {
        #expect(inspect(Array(ExampleVideo.whole().dropLast()), piece: 99).contentCredentials == nil)
        let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + Array(repeating: 1, count: 100)
        #expect(inspect(jpeg, piece: 99).contentCredentials == nil)
        let cut = Array((ExampleVideo.whole() + Self.box("manifest")).dropLast())
        #expect(inspect(cut, piece: 99).contentCredentials == true)
    }
}
