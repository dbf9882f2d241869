import Testing

@testable import ProviderClient

@Suite struct KeyScanTests {
    private static let forms = [
        secret, "736b2d6c6976652d30313233343536373839616263646566", "sk%2Dlive%2D0123456789abcdef",
        "QmVhcmVyIHNrLWxpdmUtMDEyMzQ1Njc4OWFiY2RlZg==",
    ]

    @Test(arguments: forms)
    func `the key is found wherever the stream is split`(_ form: String) {
        let bytes = Array("before \(form) after".utf8)
        for index in bytes.indices {
            var scan = KeyScan(key.redactor)
            let found = [bytes[..<index], bytes[index...]].map { scan.containsKey(in: Array($0)) }
            #expect(found.contains(true), "split at \(index)")
        }
        var scan = KeyScan(key.redactor)
        var count = 0
        for byte in bytes where scan.containsKey(in: [byte]) { count += 1 }
        #expect(count > 0)
    }

    @Test func `other bytes are not found`() {
        var scan = KeyScan(key.redactor)
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 8) }
        let pieces = [bytes, Array(secret.utf8.dropLast()), [0]]
        let found = pieces.map { scan.containsKey(in: $0) }
        #expect(found == [false, false, false])
    }
}
