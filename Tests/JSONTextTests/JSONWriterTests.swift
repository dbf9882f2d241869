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
}
