import Foundation
import Gateway
import Testing
import TestSupport

@testable import ArchiveFiles

@Suite struct MarkFileTests {
    let folder: TemporaryFolder
    let mark: MarkFile

    init() throws {
        folder = try TemporaryFolder()
        mark = MarkFile(besideStore: folder.path("reelgate.db"))
    }

    @Test func `a mark is read as it was written, for each store by itself`() async throws {
        #expect(await mark.read(storeID: "a1") == nil)
        try await mark.write(7, storeID: "a1")
        try await mark.write(8, storeID: "b2")
        try await mark.write(1 << 60, storeID: "a1")
        #expect(await mark.read(storeID: "a1") == 1 << 60)
        #expect(await mark.read(storeID: "b2") == 8)
        #expect(await MarkFile(besideStore: folder.path("other.db")).read(storeID: "b2") == 8)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")).count == 2)
    }

    @Test func `a torn, foreign or implausible file is ignored, and replaced`() async throws {
        try await mark.write(1_234, storeID: "a1")
        let path = folder.path("store-a1.mark")
        let whole = try Data(contentsOf: URL(filePath: path))
        var damaged = (0..<whole.count).map { whole.prefix($0) }
        let texts = ["reelgate-high-water-mark 2\nstore a1\nsequence 5\n", "sequence -5", "\0\u{1}", "9999"]
        damaged += texts.map { Data($0.utf8) }
        damaged.append(Data("reelgate-high-water-mark 1\nstore a1\nsequence -5\n".utf8))
        damaged.append(Data("reelgate-high-water-mark 1\nstore a1\nsequence 99999999999999999999\n".utf8))
        damaged.append(Data("reelgate-high-water-mark 1\nstore b2\nsequence 5\n".utf8))
        damaged.append(Data(repeating: 0xFF, count: 1 << 20))
        for bytes in damaged {
            try bytes.write(to: URL(filePath: path))
            #expect(await mark.read(storeID: "a1") == nil, "\(bytes.count) bytes")
        }
        try Data("rest of a crash".utf8).write(to: URL(filePath: path + ".new"))
        try await mark.write(2_000, storeID: "a1")
        #expect(await mark.read(storeID: "a1") == 2_000)
    }

    @Test(arguments: ["", "../a", "a/b", String(repeating: "a", count: 65)])
    func `a store's id that is no plain name has no file`(_ id: String) async throws {
        #expect(await mark.read(storeID: id) == nil)
        await #expect(throws: HighWaterMarkError.self) { try await mark.write(1, storeID: id) }
    }
}
