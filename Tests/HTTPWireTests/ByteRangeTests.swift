import Testing
@testable import HTTPWire

@Suite struct ByteRangeTests {
    @Test(arguments: [
        ("bytes=0-0", [Int64(0)..<1]), ("bytes=0-", [0..<100]), ("bytes=10-19", [10..<20]),
        ("bytes=99-", [99..<100]),
        ("bytes=90-200", [90..<100]), ("bytes=-1", [99..<100]), ("bytes=-100", [0..<100]),
        ("bytes=-500", [0..<100]),
        ("BYTES=1-2", [1..<3]), ("bytes=0-0,5-6", [0..<1, 5..<7]), ("bytes= 0-0 ,\t5-6 ", [0..<1, 5..<7]),
        ("bytes=,0-0,,", [0..<1]), ("bytes=200-300,1-1", [1..<2]),
        ("bytes=0-99999999999999999999", [0..<100]),
        ("bytes=00-01", [0..<2]), ("bytes=0-9,5-14", [0..<10, 5..<15]),
    ])
    func `satisfiable ranges are resolved`(text: String, parts: [Range<Int64>]) {
        #expect(ByteRange.resolve(text, length: 100) == .parts(parts))
    }

    @Test(arguments: [
        "bytes=100-", "bytes=100-200", "bytes=-0", "bytes=200-300,500-", "bytes=99999999999999999999-",
    ])
    func `ranges beyond the end are unsatisfiable`(_ text: String) {
        #expect(ByteRange.resolve(text, length: 100) == .unsatisfiable)
    }

    @Test(arguments: [
        "", "bytes", "bytes=", "bytes=,", "bytes=a-b", "bytes=1", "bytes=-", "bytes=2-1", "bytes=1-2-3",
        "bytes=--1",
        "bytes=+1-2", "bytes=1-+2", "bytes 1-2", "bytes =1-2", "items=0-1", "bytes=0x1-2", "bytes=1 -2",
        "bytes=1- 2",
        "bytes=0-1,x", "bytes=0-9,5-14,12-20",
        "bytes=" + (0..<17).map { "\($0 * 2)-\($0 * 2)" }.joined(separator: ","),
        "seconds=0-1", "byte=0-1",
    ])
    func `malformed and excessive ranges are ignored`(_ text: String) {
        #expect(ByteRange.resolve(text, length: 100) == .whole)
    }

    @Test func `an empty representation has no part`() {
        #expect(ByteRange.resolve(nil, length: 100) == .whole)
        #expect(ByteRange.resolve("bytes=0-", length: 0) == .unsatisfiable)
        #expect(ByteRange.resolve("bytes=-5", length: 0) == .whole)
    }
}
