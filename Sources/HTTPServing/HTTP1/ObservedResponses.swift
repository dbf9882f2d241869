/// The observed responses of an HTTP/1.1 connection whose last bytes the kernel has not taken, in order.
struct ObservedResponses {
    private struct Entry {
        let observer: any ExchangeObserver
        let status: Int
        /// Bytes of the head.
        let head: Int64
        /// Bytes of the content.
        var content: Int64
        /// Bytes between parts of the content: the framing of chunks.
        var framing: Int64 = 0

        /// Bytes of the whole response.
        var total: Int64 { head + content + framing }

        /// Returns the bytes of content among the first bytes of the response. Framing is taken to be evenly
        /// distributed.
        func contentBytes(inFirst sent: Int64) -> Int64 {
            if sent <= head { return 0 }
            if framing == 0 || sent >= total { return min(content, sent - head) }
            return Int64(Double(sent - head) / Double(content + framing) * Double(content))
        }
    }

    private var entries: [Entry] = []

    /// Adds the response that was just begun.
    mutating func append(_ observer: any ExchangeObserver, status: Int, head: Int, content: Int64) {
        entries.append(Entry(observer: observer, status: status, head: Int64(head), content: content))
    }

    /// Counts further content of the last response, whose length was not known, and the framing around it.
    mutating func addContent(_ count: Int, framing: Int) {
        if entries.isEmpty { return }
        entries[entries.count - 1].content += Int64(count)
        entries[entries.count - 1].framing += Int64(framing)
    }

    /// Reports responses as sent: all, or all but the one that is being streamed.
    mutating func complete(exceptLast: Bool) {
        let count = entries.count - (exceptLast ? 1 : 0)
        if count <= 0 { return }
        for index in 0..<count {
            entries[index].observer.exchangeEnded(
                ExchangeOutcome(
                    status: entries[index].status, bytes: entries[index].content, completion: .complete))
        }
        if exceptLast { entries.removeFirst(count) } else { entries.removeAll(keepingCapacity: true) }
    }

    /// Reports the responses of a connection that closes with this many bytes unsent.
    mutating func end(as completion: ExchangeOutcome.Completion, unsent: Int64) {
        var unsent = unsent
        for entry in entries.reversed() {
            let sent = max(0, entry.total - unsent)
            unsent = max(0, unsent - entry.total)
            entry.observer.exchangeEnded(
                ExchangeOutcome(
                    status: entry.status, bytes: entry.contentBytes(inFirst: sent), completion: completion))
        }
        entries = []
    }
}
