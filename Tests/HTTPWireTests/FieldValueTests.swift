import Testing

@testable import HTTPWire

@Suite struct IMFDateTests {
    @Test(arguments: [
        (Int64(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_757_165_031, "Sat, 06 Sep 2025 13:23:51 GMT"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (-62_167_219_200, "Sat, 01 Jan 0000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
    ])
    func `a date is written and read again`(seconds: Int64, text: String) {
        #expect(IMFDate.text(seconds) == text)
        #expect(IMFDate.bytes(seconds).count == 29)
        #expect(IMFDate.parse(text, now: 0) == seconds)
    }

    @Test func `days of four centuries are written and read again`() {
        for day in stride(from: Int64(-36_500), to: 110_000, by: 17) {
            let seconds = day * 86400 + (day &* 7919 % 86400 + 86400) % 86400
            guard IMFDate.parse(IMFDate.text(seconds), now: 0) == seconds else {
                Issue.record("day \(day)")
                return
            }
        }
    }

    @Test func `the older formats are read as well`() {
        #expect(IMFDate.parse("Sunday, 06-Nov-94 08:49:37 GMT", now: 1_757_165_031) == 784_111_777)
        #expect(IMFDate.parse("Sun Nov  6 08:49:37 1994", now: 0) == 784_111_777)
        #expect(IMFDate.parse("Wed Nov 16 08:49:37 1994", now: 0) == 784_975_777)
    }

    @Test func `two digits of a year mean the past if the future is more than 50 years off`() {
        let now: Int64 = 1_757_165_031  // September 2025
        #expect(IMFDate.parse("Tuesday, 01-Sep-75 00:00:00 GMT", now: now) == nil, "in 2075 a Sunday")
        #expect(IMFDate.parse("Sunday, 01-Sep-75 00:00:00 GMT", now: now) == 3_334_521_600)
        #expect(IMFDate.parse("Saturday, 01-Nov-75 00:00:00 GMT", now: now) == 184_032_000)
    }

    @Test func `a leap second is borne`() {
        #expect(IMFDate.parse("Sat, 31 Dec 2016 23:59:60 GMT", now: 0) == 1_483_228_800)
    }

    @Test(arguments: [
        "", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Mon, 06 Nov 1994 08:49:37 GMT", "sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Fri, 31 Nov 1994 08:49:37 GMT", "Wed, 29 Feb 1995 00:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
        " Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "Sunday, 06 Nov 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994", "Sun, 06  Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 +0000", "784111777", "Sun, -6 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
    ])
    func `what is no date is none`(_ text: String) {
        #expect(IMFDate.parse(text, now: 1_757_165_031) == nil)
    }
}

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
    func `parts that exist are found`(text: String, parts: [Range<Int64>]) {
        #expect(ByteRange.resolve(text, length: 100) == .parts(parts))
    }

    @Test(arguments: [
        "bytes=100-", "bytes=100-200", "bytes=-0", "bytes=200-300,500-", "bytes=99999999999999999999-",
    ])
    func `parts that do not exist cannot be had`(_ text: String) {
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
    func `what is malformed or excessive is ignored`(_ text: String) {
        #expect(ByteRange.resolve(text, length: 100) == .whole)
    }

    @Test func `of nothing there is no part`() {
        #expect(ByteRange.resolve(nil, length: 100) == .whole)
        #expect(ByteRange.resolve("bytes=0-", length: 0) == .unsatisfiable)
        #expect(ByteRange.resolve("bytes=-5", length: 0) == .whole)
    }
}

@Suite struct ConditionTests {
    private func outcome(
        _ fields: [(String, String)], method: String = "GET", tag: EntityTag? = EntityTag("a"),
        modified: Int64? = 784_111_777
    ) -> RequestConditions.Outcome {
        conditions(fields, method).outcome(.init(entityTag: tag, lastModified: modified))
    }

    private func conditions(_ fields: [(String, String)], _ method: String = "GET") -> RequestConditions {
        var head = RequestHead(method: method, path: "/", authority: "a")
        for (name, value) in fields { head.fields.append(name, value) }
        return RequestConditions(head, now: 1_757_165_031)
    }

    private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let before = "Sun, 06 Nov 1994 08:49:36 GMT"

    @Test(arguments: ["\"a\"", "W/\"a\"", "*", "\"b\", \"a\"", "\"b\",W/\"a\"", ", \"a\" ,"])
    func `a known representation is not sent again`(_ value: String) {
        #expect(outcome([("If-None-Match", value)]) == .notModified)
        #expect(outcome([("If-None-Match", value)], method: "HEAD") == .notModified)
        #expect(outcome([("If-None-Match", value)], method: "POST") == .failed)
    }

    @Test(arguments: [
        "\"b\"", "a", "\"A\"", "\"a", "a\"", "w/\"a\"", "W/a", "\"a\" \"b\"", "*, \"a\"", "", "'a'",
        "W /\"a\"",
    ])
    func `an unknown or malformed tag has it sent`(_ value: String) {
        #expect(outcome([("If-None-Match", value)]) == .proceed)
    }

    @Test func `tags are compared strongly before a change`() {
        #expect(outcome([("If-Match", "\"a\"")]) == .proceed)
        #expect(outcome([("If-Match", "*")]) == .proceed)
        #expect(outcome([("If-Match", "\"b\"")]) == .failed)
        #expect(outcome([("If-Match", "W/\"a\"")]) == .failed)
        #expect(outcome([("If-Match", "\"a\"")], tag: EntityTag("a", isWeak: true)) == .failed)
        #expect(outcome([("If-Match", "nonsense")]) == .failed)
    }

    @Test func `dates count where tags do not`() {
        #expect(outcome([("If-Modified-Since", Self.date)]) == .notModified)
        #expect(outcome([("If-Modified-Since", Self.before)]) == .proceed)
        #expect(outcome([("If-Modified-Since", "yesterday")]) == .proceed)
        #expect(outcome([("If-Modified-Since", Self.date)], method: "POST") == .proceed)
        #expect(outcome([("If-Modified-Since", Self.date), ("If-None-Match", "\"b\"")]) == .proceed)
        #expect(outcome([("If-Unmodified-Since", Self.date)]) == .proceed)
        #expect(outcome([("If-Unmodified-Since", Self.before)]) == .failed)
        #expect(outcome([("If-Unmodified-Since", Self.before), ("If-Match", "\"a\"")]) == .proceed)
        #expect(outcome([("If-Unmodified-Since", Self.before)], modified: nil) == .proceed)
    }

    @Test func `tags may be spread over lines`() {
        #expect(outcome([("If-None-Match", "\"b\""), ("If-None-Match", "\"a\"")]) == .notModified)
    }

    @Test func `a range counts only for the very same bytes`() {
        let current = RequestConditions.Validators(entityTag: EntityTag("a"), lastModified: 784_111_777)
        #expect(conditions([]).allowsRange(current))
        #expect(conditions([("If-Range", "\"a\"")]).allowsRange(current))
        for value in ["\"b\"", "W/\"a\"", Self.date, "*", "a", "\"a\", \"b\""] {
            #expect(!conditions([("If-Range", value)]).allowsRange(current))
        }
    }

    @Test func `a tag is written as it is read`() {
        for text in ["\"\"", "\"a\"", "W/\"a,b\"", "\"\\\""] {
            #expect(EntityTag.parse(text)?.text == text)
        }
        for text in ["", "a", "\"a b\"", "\"a\"b", " \"a\"", "W/", "W\"a\"", "\"a\u{7f}\""] {
            #expect(EntityTag.parse(text) == nil)
        }
    }
}

@Suite struct PreferencesTests {
    @Test(
        arguments: [
            ("respond-async", true, nil), ("Respond-Async", true, nil), ("wait=10", false, 10),
            ("respond-async, wait=10", true, 10),
            ("wait=10;x=y, respond-async ; a", true, 10), ("wait = 10", false, 10),
            ("wait=\"10\"", false, 10),
            ("foo; bar=\"a, wait=5\", wait=7", false, 7), ("wait=1, wait=2", false, 1),
            (" ,, wait=3 ,", false, 3),
            ("WAIT=4", false, 4), ("respond-async=\"\"", true, nil), ("wait=0", false, 0),
            ("return=representation; wait=9", false, nil),
        ] as [(String, Bool, Int?)])
    func `preferences are understood`(text: String, respondsAsync: Bool, wait: Int?) {
        let preferences = Preferences([text])
        #expect(preferences.respondsAsync == respondsAsync)
        #expect(preferences.wait == wait)
    }

    @Test(arguments: [
        "", "wait", "wait=", "wait=-1", "wait=+1", "wait=1.5", "wait=1s", "wait=abc", "wait=1 2",
        "respond-async=1",
        "respond-async x", "wait:10", "=10", "\"wait=10\"", "wait=\"10", "wait==10", "wait=1e3",
    ])
    func `what is not understood is no preference`(_ text: String) {
        #expect(Preferences([text]) == Preferences([]))
    }

    @Test func `they may be spread over lines, and be beyond all bounds`() {
        let preferences = Preferences(["wait=99999999999999999999999", "respond-async", "wait=1"])
        #expect(preferences.respondsAsync)
        #expect(preferences.wait == .max)
    }

    @Test func `one that cannot be read does not spoil the others`() {
        #expect(Preferences(["@, wait=2"]).wait == 2)
    }
}

@Suite struct MediaTypeTests {
    @Test(arguments: [
        "application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "application/json ; a=b", "application/json;", "application/json;;a=b",
    ])
    func `JSON is known in any dress`(_ text: String) {
        #expect(MediaType(text)?.isJSON == true)
    }

    @Test(arguments: [
        "text/plain", "application/jsonp", "application/problem+json", "text/json",
        "application/json; charset=latin1",
        "", "application", "application/", "/json", "application/json, text/plain", "application /json",
        "json",
        "application/json a", "application/json; charset", "application/json; charset = utf-8",
        "application/json;a=\"b",
    ])
    func `what is not JSON is not`(_ text: String) {
        #expect(MediaType(text)?.isJSON != true)
    }

    @Test func `parameters keep their values`() {
        let type = MediaType("multipart/form-data; Boundary=\"a \\\"b\"; x=Y")
        #expect(type?["boundary"] == "a \"b")
        #expect(type?["x"] == "Y")
        #expect(type?["y"] == nil)
    }
}

@Suite struct QueryParametersTests {
    @Test func `pairs are decoded`() throws {
        let query = try #require(
            QueryParameters("limit=20&after=task%2D1&q=a+b%2Bc&flag&empty=&&=x&%E2%82%AC=%e2%82%ac"))
        #expect(query["limit"] == "20")
        #expect(query["after"] == "task-1")
        #expect(query["q"] == "a b+c")
        #expect(query["flag"] == "")
        #expect(query["empty"] == "")
        #expect(query[""] == "x")
        #expect(query["€"] == "€")
        #expect(query["none"] == nil)
        #expect(query.names == ["limit", "after", "q", "flag", "empty", "", "€"])
        #expect(query.duplicates.isEmpty)
    }

    @Test func `none is empty`() {
        #expect(QueryParameters(nil)?.names == [])
        #expect(QueryParameters("")?.names == [])
    }

    @Test func `what appears twice is told`() {
        let query = QueryParameters("a=1&b=2&a=3&%61=4&c=5=6")
        #expect(query?.duplicates == ["a"])
        #expect(query?["a"] == "1")
        #expect(query?["c"] == "5=6")
    }

    @Test(arguments: ["a=%", "a=%1", "a=%zz", "%=1", "a=%ff", "a=%c0%af", "a=%ed%a0%80", "a=%+1", "a=%E2%82"])
    func `wrong escapes are refused`(_ text: String) {
        #expect(QueryParameters(text) == nil)
    }

    @Test func `a plus in a path is a plus`() {
        #expect(PercentText.decode("a+b%20c") == "a+b c")
    }
}
