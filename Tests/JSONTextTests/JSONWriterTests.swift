import JSONText
import Testing

@Suite struct JSONWriterTests {
    @Test func `a writer inserts commas`() {
        var writer = JSONWriter(reserving: 100)
        writer.beginObject()
        writer.name("id")
        writer.string("task \"1\"")
        writer.name("list")
        writer.beginArray()
        writer.integer(1)
        writer.beginObject()
        writer.endObject()
        writer.raw(Array("{\"x\":1}".utf8))
        writer.null()
        writer.endArray()
        writer.name("ok")
        writer.bool(true)
        writer.name("ratio")
        writer.real(.infinity)
        writer.endObject()
        let expected = #"{"id":"task \"1\"","list":[1,{},{"x":1},null],"ok":true,"ratio":null}"#
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test func `integers are written in full, whatever their type`() {
        var writer = JSONWriter()
        writer.beginArray()
        writer.integer(Int.min)
        writer.integer(Int.max)
        writer.integer(UInt64.max)
        writer.integer(Int8(-1))
        for number in [0, 9, 10, 99, 100, -100] { writer.integer(number) }
        writer.endArray()
        let expected =
            "[-9223372036854775808,9223372036854775807,18446744073709551615,-1,0,9,10,99,100,-100]"
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 500, 999, 1000, 1001, 1010, 1100, 123_456_789, -1, -1500])
    func `thousandths are written like the number that they are`(_ number: Int) {
        var (thousandths, real) = (JSONWriter(), JSONWriter())
        thousandths.thousandths(number)
        real.real(Double(number) / 1000)
        #expect(thousandths.bytes == real.bytes)
    }

    @Test func `texts that begin alike are written after a mark`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("all")
        writer.integer(1)
        let mark = writer.mark
        let texts = ["a", "b\"c"].map { name in
            writer.rewind(to: mark)
            writer.name(name)
            writer.bool(true)
            writer.endObject()
            return String(decoding: writer.bytes, as: UTF8.self)
        }
        #expect(texts == [#"{"all":1,"a":true}"#, #"{"all":1,"b\"c":true}"#])
    }

    @Test func `a plain name is written like any other`() {
        var (plain, quoted) = (JSONWriter(), JSONWriter())
        for _ in 0..<2 {
            plain.name(plain: "duration_ms")
            plain.null()
            quoted.name("duration_ms")
            quoted.null()
        }
        #expect(plain.bytes == quoted.bytes)
    }
}
