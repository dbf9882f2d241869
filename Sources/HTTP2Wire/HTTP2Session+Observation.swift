// The ends of observed responses.
extension HTTP2Session {
    /// Returns the observed responses that have ended since the last call.
    package func takeEndedResponses() -> [EndedResponse] {
        var ended: [EndedResponse] = []
        swap(&ended, &endedResponses)
        return ended
    }

    func reportEnd(of stream: HTTP2Stream, _ completion: EndedResponse.Completion) {
        stream.isObserved = false
        endedResponses.append(EndedResponse(stream.id, bytes: stream.totalSentBytes, completion))
    }

    /// Returns the bytes of content that `send` has produced for a response that has not ended.
    package func contentBytes(of id: Int32) -> Int { streams[id]?.totalSentBytes ?? 0 }

    /// Returns the bytes of a response's content among the last `count` bytes of output, which must all be
    /// from the last `send`; `nil` if neither its content nor its end is among them.
    package func contentBytes(of id: Int32, inLast count: Int64) -> Int? {
        let start = sentCount - Int(count)
        let unsent = sentContents.filter { $0.stream == id && $0.range.upperBound > start }
        if unsent.isEmpty { return nil }
        return unsent.reduce(0) { $0 + $1.range.upperBound - max($1.range.lowerBound, start) }
    }
}
