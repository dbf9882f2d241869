/// A FIFO queue with amortized constant-time removal.
struct BoundedQueue<Element: Sendable>: Sendable {
    private var storage: [Element?] = []
    private var head = 0

    var count: Int { storage.count - head }

    /// Returns the elements in order, without the first `skipped`.
    func dropFirst(_ skipped: Int = 0) -> some Sequence<Element> {
        storage[(head + min(max(0, skipped), count))...].lazy.compactMap(\.self)
    }

    /// Appends an element.
    mutating func append(_ element: Element) { storage.append(element) }

    /// Removes and returns the oldest element.
    mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = storage[head]
        storage[head] = nil
        head += 1
        // Compacts when half of the array is empty: amortized one move for each element.
        if head > 64, head * 2 > storage.count {
            storage.removeFirst(head)
            head = 0
        }
        return element
    }
}
