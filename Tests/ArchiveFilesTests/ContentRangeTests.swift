import Testing

@testable import ArchiveFiles

@Suite struct ContentRangeTests {
    @Test func `a range and its total are read`() {
        let range = ContentRange("Bytes 100-199/200")
        #expect(range?.first == 100 && range?.last == 199 && range?.total == 200)
        #expect(ContentRange("bytes 0-0/*")?.total == nil)
        #expect(ContentRange("bytes 0-0/*") != nil)
    }

    @Test(arguments: [
        "", "bytes", "bytes */200", "bytes 2-1/200", "bytes 0-200/200", "bytes 0-199/", "bytes -1/200",
        "bytes 0--1/200", "items 0-1/2", "bytes 0-1/2/3", "bytes +0-1/2", "bytes 0-99999999999999999999/*",
        "bytes 0 - 1/2", "bytes=0-1/2",
    ])
    func `anything else is none`(_ text: String) { #expect(ContentRange(text) == nil) }
}
