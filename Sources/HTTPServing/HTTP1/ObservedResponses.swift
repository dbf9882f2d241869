/// The observed responses of an HTTP/1.1 connection whose last bytes the kernel has not taken, in order.
struct ObservedResponses {
    private struct Entry {
        let observer: any ExchangeObserver
        let status: Int
        /// Bytes of the head.
        let head: Int64
        /// Bytes of the content.
        var content: Int64
    }

    private var entries: [Entry] = []

    /// Adds the response that was just begun.
    mutating func append(_ observer: any ExchangeObserver, status: Int, head: Int, content: Int64) {
        entries.append(Entry(observer: observer, status: status, head: Int64(head), content: content))
    }

    /// Counts further content of the last response, whose length was not known.
    mutating func addContent(_ count: Int) {
        if !entries.isEmpty { entries[entries.count - 1].content += Int64(count) }
    }

    /// Reports responses as sent: all, or all but the one that is being streamed.
    mutating func complete(exceptLast: Bool) {
        if entries.isEmpty { return }
        let complete = exceptLast ? entries.dropLast() : entries[...]
        for entry in complete {
            entry.observer.exchangeEnded(
                ExchangeOutcome(status: entry.status, bytes: entry.content, isComplete: true))
        }
        entries.removeFirst(complete.count)
    }

    /// Reports the responses of a connection that closes with this many bytes unsent.
    mutating func abort(unsent: Int64) {
        var unsent = unsent
        for entry in entries.reversed() {
            let sent = max(0, entry.head + entry.content - unsent)
            unsent = max(0, unsent - entry.head - entry.content)
            entry.observer.exchangeEnded(
                ExchangeOutcome(status: entry.status, bytes: max(0, sent - entry.head), isComplete: false))
        }
        entries = []
    }
}
