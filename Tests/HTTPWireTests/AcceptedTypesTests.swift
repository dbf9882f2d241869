import Testing

@testable import HTTPWire

@Suite struct AcceptedTypesTests {
    @Test(arguments: [
        ([], 1_000, 1_000), (["*/*"], 1_000, 1_000), (["text/csv"], 1_000, 0),
        (["text/csv;q=0.25, application/json"], 250, 1_000),
        (["application/json;q=0.5", "text/*"], 1_000, 500),
        (["*/*;q=0.1, Text/CSV; Q=0.9"], 900, 100), (["text/csv;q=0"], 0, 0),
        (["text/csv;q=1.000"], 1_000, 0),
        (["text/csv;q=high, ,json"], 1_000, 0), (["text/*;q=0.2, text/csv;q=0.123"], 123, 0),
    ])
    func `the most precise range decides`(_ values: [String], _ csv: Int, _ json: Int) {
        let accepted = AcceptedTypes(values)
        #expect(accepted.quality(of: "text", "csv") == csv)
        #expect(accepted.quality(of: "application", "json") == json)
    }
}
