import Foundation
import Testing
@testable import HTTPWire

@Suite struct CorpusTests {
    @Test(arguments: try CorpusFile.all())
    func `each message of the corpus yields the expected transcript`(_ file: CorpusFile) {
        #expect(file.rule.hasPrefix("RFC "), "the file names its rule")
        #expect(!file.cases.isEmpty)
        for message in file.cases {
            // Long messages test limits, which have tests of their own: split only where it matters.
            let found =
                message.bytes.count < 600
                ? WireReplay.transcript(of: message.bytes) : CorpusTests.coarsely(message.bytes)
            #expect(found.description == message.expected, "\(file.name):\(message.line)")
        }
    }

    @Test func `the corpus is present`() throws {
        let files = try CorpusFile.all()
        #expect(files.count >= 25)
        #expect(files.map(\.cases.count).reduce(0, +) >= 300)
    }

    private static func coarsely(_ bytes: [UInt8]) -> Transcript {
        let whole = WireReplay.feed([bytes], to: .init(limits: MessageLimits()))
        for step in [1, 997] {
            let pieces = stride(from: 0, to: bytes.count, by: step).map {
                Array(bytes[$0..<min($0 + step, bytes.count)])
            }
            #expect(WireReplay.feed(pieces, to: .init(limits: MessageLimits())) == whole)
        }
        return whole
    }
}
