import Testing
@testable import HTTPWire

@Suite struct MediaTypeTests {
    @Test(arguments: [
        "application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "application/json ; a=b", "application/json;", "application/json;;a=b",
    ])
    func `JSON media types are recognised`(_ text: String) {
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
    func `other media types are not JSON`(_ text: String) {
        #expect(MediaType(text)?.isJSON != true)
    }

    @Test func `parameters keep their values`() {
        let type = MediaType("multipart/form-data; Boundary=\"a \\\"b\"; x=Y")
        #expect(type?["boundary"] == "a \"b")
        #expect(type?["x"] == "Y")
        #expect(type?["y"] == nil)
    }
}
