internal import HTTP2Wire

// The ends of observed responses.
extension HTTP2Connection {
    /// Reports the responses that have ended. To be called when the kernel has taken all output.
    func reportEndedResponses() {
        if observed.isEmpty { return }
        for ended in session.takeEndedResponses() {
            report(ended.stream, bytes: ended.bytes, ExchangeOutcome.Completion(ended.completion))
        }
    }

    /// Reports the responses that a closing connection has not sent.
    func reportUnsentResponses() {
        let completion = io.completionOnClose
        let unsentCount = io.queuedCount + Int64(server.output.count)
        for ended in session.takeEndedResponses() {
            let unsent = session.contentBytes(of: ended.stream, inLast: unsentCount)
            let ownCompletion = ExchangeOutcome.Completion(ended.completion)
            report(
                ended.stream, bytes: ended.bytes - (unsent ?? 0), unsent == nil ? ownCompletion : completion)
        }
        for stream in observed.keys {
            let unsent = session.contentBytes(of: stream, inLast: unsentCount) ?? 0
            report(stream, bytes: session.contentBytes(of: stream) - unsent, completion)
        }
    }

    private func report(_ stream: Int32, bytes: Int, _ completion: ExchangeOutcome.Completion) {
        guard let response = observed.removeValue(forKey: stream) else { return }
        response.observer.exchangeEnded(
            ExchangeOutcome(status: response.status, bytes: Int64(bytes), completion: completion))
    }
}

extension ExchangeOutcome.Completion {
    fileprivate init(_ completion: EndedResponse.Completion) {
        self =
            switch completion {
            case .complete: .complete
            case .resetByClient: .cancelled
            case .resetByServer: .aborted
            }
    }
}
