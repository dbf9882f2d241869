import Testing

@testable import HTTPWire

/// Parses wire text as a connection would.
enum WireReplay {
    /// Returns the transcript of bytes that arrive at once, and expects the same one when they are split at
    /// each position and when they arrive one by one.
    static func transcript(
        of bytes: [UInt8], limits: MessageLimits = MessageLimits(), secure: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Transcript {
        let parser = HTTP1Parser(limits: limits, secure: secure)
        let whole = feed([bytes], to: parser)
        for cut in bytes.indices.dropFirst() {
            let parted = feed([Array(bytes[..<cut]), Array(bytes[cut...])], to: parser)
            #expect(parted == whole, "cut at \(cut)", sourceLocation: sourceLocation)
            if parted != whole { break }
        }
        let single = feed(bytes.map { [$0] }, to: parser)
        #expect(single == whole, "byte by byte", sourceLocation: sourceLocation)
        return whole
    }

    static func transcript(
        of text: String, limits: MessageLimits = MessageLimits(), secure: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Transcript {
        transcript(of: Array(text.utf8), limits: limits, secure: secure, sourceLocation: sourceLocation)
    }

    /// Appends each piece to the unconsumed input and reads events until more bytes are needed.
    static func feed(_ pieces: [[UInt8]], to parser: HTTP1Parser) -> Transcript {
        var parser = parser
        var transcript = Transcript()
        var buffer: [UInt8] = []
        for piece in pieces {
            buffer += piece
            var offset = 0
            do throws(MessageError) {
                while let event = try parser.next(buffer.span, from: &offset) {
                    transcript.add(event, from: buffer)
                }
            } catch {
                transcript.refuse(error)
                return transcript
            }
            buffer.removeFirst(offset)
        }
        transcript.isComplete = parser.isBetweenRequests && buffer.isEmpty
        return transcript
    }
}
