import TestSupport
import Testing

@testable import HTTPWire

/// Random requests in all forms that the RFC allows, and the expected result.
private struct RandomRequest {
    var wire: [UInt8] = []
    var method = ""
    var path = ""
    var fields: [(String, String)] = []
    var content: [UInt8] = []
    var trailers: [(String, String)] = []

    init(using random: inout SeededRandom) {
        method = ["GET", "POST", "PUT", "X-\(Int.random(in: 0...99, using: &random))"].randomElement(
            using: &random)!
        path = "/" + RandomRequest.text("abz019-._~!$&'()*+,;=:@/", 0...30, &random)
        fields = (0..<Int.random(in: 0...6, using: &random)).map { _ in RandomRequest.field(&random) }
        let length = Bool.random(using: &random) ? 0 : Int.random(in: 1...200, using: &random)
        content = (0..<length).map { _ in .random(in: .min ... .max, using: &random) }
        write("\(method) \(path) HTTP/1.1\r\nHost: a.example:80\r\n")
        for (name, value) in fields { write("\(name):\(space(&random))\(value)\(space(&random))\r\n") }
        if Bool.random(using: &random) {
            writeChunked(&random)
        } else {
            if length > 0 || Bool.random(using: &random) { write("content-LENGTH: \(length)\r\n") }
            write("\r\n")
            wire += content
        }
    }

    private mutating func writeChunked(_ random: inout SeededRandom) {
        write("Transfer-Encoding:\(space(&random))Chunked\r\n\r\n")
        var rest = content[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(Int.random(in: 1...60, using: &random))
            let zeros = String(repeating: "0", count: Int.random(in: 0...3, using: &random))
            let size = String(chunk.count, radix: 16, uppercase: Bool.random(using: &random))
            let ext = ["", ";a", " ; b=\"c;\\\"\"", ";d=e;f"].randomElement(using: &random)!
            write("\(zeros)\(size)\(ext)\r\n")
            wire += chunk
            write("\r\n")
            rest = rest.dropFirst(chunk.count)
        }
        write("0\r\n")
        trailers = (0..<Int.random(in: 0...2, using: &random)).map { _ in RandomRequest.field(&random) }
        for (name, value) in trailers { write("\(name): \(value)\r\n") }
        write("\r\n")
    }

    private mutating func write(_ text: String) { wire += Array(text.utf8) }

    private func space(_ random: inout SeededRandom) -> String {
        ["", " ", "\t", "  \t"].randomElement(using: &random)!
    }

    private static func field(_ random: inout SeededRandom) -> (String, String) {
        // No field relevant to framing begins like this.
        let value = text("ab ,;=\"\\é\t:/", 0...20, &random)
        return ("X" + text("abXY09-_!#", 0...8, &random), trimmed(value))
    }

    private static func text(
        _ alphabet: String, _ length: ClosedRange<Int>, _ random: inout SeededRandom
    ) -> String {
        String(
            (0..<Int.random(in: length, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
    }

    private static func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while let first = text.first, " \t".contains(first) { text.removeFirst() }
        while let last = text.last, " \t".contains(last) { text.removeLast() }
        return String(text)
    }

    func expect(_ entries: ArraySlice<Transcript.Entry>) {
        guard case .head(let head)? = entries.first, case .end(let ending)? = entries.last else {
            Issue.record("no complete request: \(entries)")
            return
        }
        #expect(head.method == method)
        #expect(head.path == path)
        #expect(head.authority == "a.example:80")
        let found = (0..<head.fields.count).map { head.fields.line(at: $0) }
        let own = found.filter { $0.name.hasPrefix("X") }
        #expect(own.elementsEqual(fields, by: ==))
        #expect((0..<ending.count).map { ending.line(at: $0) }.elementsEqual(trailers, by: ==))
        #expect(entries.dropFirst().dropLast() == (content.isEmpty ? [] : [.content(content)]))
    }
}

@Suite struct RandomMessageTests {
    private static let seed = UInt64.random(in: .min ... .max)

    @Test func `a random message is parsed as intended, however it is split`() {
        var random = SeededRandom(seed: Self.seed)
        for round in 0..<300 {
            let requests = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                RandomRequest(using: &random)
            }
            let transcript = WireReplay.feed(
                pieces(of: requests.flatMap(\.wire), &random), to: HTTP1Parser(limits: MessageLimits()))
            var rest = transcript.entries[...]
            for request in requests {
                let end = rest.firstIndex { if case .end = $0 { true } else { false } } ?? rest.endIndex - 1
                request.expect(rest[...end])
                rest = rest[(end + 1)...]
            }
            #expect(transcript.isComplete && rest.isEmpty, "seed \(Self.seed), round \(round)")
        }
    }

    @Test func `a damaged message yields the same result, however it is split`() throws {
        var random = SeededRandom(seed: Self.seed)
        let messages = try CorpusFile.all().flatMap(\.cases).map(\.bytes).filter { $0.count < 400 }
        for round in 0..<1500 {
            var bytes = messages.randomElement(using: &random)! + messages.randomElement(using: &random)!
            for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                damage(&bytes, &random)
            }
            let parser = HTTP1Parser(
                limits: MessageLimits(header: 200, target: 60, trailers: 60, chunkLine: 30))
            let whole = WireReplay.feed([bytes], to: parser)
            let parted = WireReplay.feed(pieces(of: bytes, &random), to: parser)
            #expect(whole == parted, "seed \(Self.seed), round \(round)")
        }
    }

    private func damage(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = .random(in: .min ... .max, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert([0x0d, 0x0a, 0x20, 0x3b, 0x30].randomElement(using: &random)!, at: place)
        default: bytes.swapAt(place, Int.random(in: bytes.indices, using: &random))
        }
    }

    private func pieces(of bytes: [UInt8], _ random: inout SeededRandom) -> [[UInt8]] {
        let longest = [1, 3, 20, 500].randomElement(using: &random)!
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...longest, using: &random))
            pieces.append(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}
