import Testing
import TestSupport

@testable import ArchiveFiles

@Suite struct PartialLogTests {
    private let sha256 = String(repeating: "ab", count: 32)

    private func point(_ total: Int64?) throws -> ResumePoint {
        ResumePoint(validator: try #require(RangeValidator(.entityTag, "\"a-b\"")), total: total)
    }

    @Test func `a log is read as it was written, and never more of it than whole lines`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x.part")
        var log = try PartialLog.begin(of: path, try point(100))
        for bytes in [1, 5, 90] as [Int64] {
            try log.record(PartialLog.Record(bytes: bytes, sha256: sha256))
        }
        // Fewer bytes than before are not recorded.
        try log.record(PartialLog.Record(bytes: 90, sha256: sha256))
        let content = try #require(PartialLog.read(of: path))
        #expect(content.point == (try point(100)))
        #expect(content.records.map(\.bytes) == [1, 5, 90])
        PartialLog.remove(of: path)
        #expect(PartialLog.read(of: path) == nil)
    }

    @Test func `a torn log gives its whole records, or nothing`() throws {
        let text = "reelgate-partial 1\netag \"x\"\ntotal -\n10 \(sha256)\n20 \(sha256)\n"
        let bytes = Array(text.utf8)
        for count in 0...bytes.count {
            let content = PartialLog.content(of: Array(bytes.prefix(count)))
            let records = content?.records.map(\.bytes) ?? []
            #expect([[], [10], [10, 20]].contains(records), "\(count)")
        }
        #expect(PartialLog.content(of: bytes)?.records.count == 2)
        #expect(PartialLog.content(of: bytes)?.point.total == nil)
    }

    @Test(arguments: [
        "other 1\netag \"x\"\ntotal -\n", "reelgate-partial 1\netag W/\"x\"\ntotal -\n",
        "reelgate-partial 1\netag x\ntotal -\n", "reelgate-partial 1\netag \"x\"\ntotal x\n",
        "reelgate-partial 1\nmodified never\ntotal 1\n",
    ])
    func `another text is no log`(_ text: String) { #expect(PartialLog.content(of: Array(text.utf8)) == nil) }

    @Test func `records become rarer, but never rarer than a sixteenth or four MiB`() throws {
        let folder = try TemporaryFolder()
        var log = try PartialLog.begin(of: folder.path("x.part"), try point(nil))
        var isDue = [log.isDue(at: 1)]
        try log.record(PartialLog.Record(bytes: 1_600, sha256: sha256))
        isDue += [log.isDue(at: 1_699), log.isDue(at: 1_700)]
        try log.record(PartialLog.Record(bytes: 1 << 30, sha256: sha256))
        isDue += [log.isDue(at: (1 << 30) + (4 << 20) - 1), log.isDue(at: (1 << 30) + (4 << 20))]
        #expect(isDue == [true, false, true, false, true])
    }
}
