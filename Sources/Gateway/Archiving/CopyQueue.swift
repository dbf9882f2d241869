import HeapModule
import VideoJobs

/// Which copies begin: a bounded number in total and for each host, first those whose links expire first.
///
/// A value that decides and does nothing.
struct CopyQueue {
    private struct Entry: Comparable {
        let expiry: Timestamp
        let number: UInt64

        static func < (one: Entry, other: Entry) -> Bool {
            (one.expiry, one.number) < (other.expiry, other.number)
        }
    }

    let limit: Int
    let limitPerHost: Int
    private var waiting: [String: Heap<Entry>] = [:]
    private var running: [String: Int] = [:]
    private var lastNumber: UInt64 = 0
    private(set) var inProgress = 0

    init(limit: Int, limitPerHost: Int) { (self.limit, self.limitPerHost) = (limit, limitPerHost) }

    /// Copies that wait.
    var count: Int { waiting.values.reduce(0) { $0 + $1.count } }

    /// Adds a copy from a host. Returns its number.
    mutating func enqueue(host: String, expiry: Timestamp) -> UInt64 {
        lastNumber += 1
        waiting[host, default: Heap()].insert(Entry(expiry: expiry, number: lastNumber))
        return lastNumber
    }

    /// Begins the copies that the limits allow. Returns their numbers, in order.
    mutating func begin() -> [UInt64] {
        var begun: [UInt64] = []
        while inProgress < limit, let host = nextHost, let entry = waiting[host]?.popMin() {
            if waiting[host]?.isEmpty == true { waiting[host] = nil }
            running[host, default: 0] += 1
            inProgress += 1
            begun.append(entry.number)
        }
        return begun
    }

    /// Ends a copy from a host.
    mutating func end(host: String) {
        inProgress -= 1
        let left = running[host, default: 1] - 1
        running[host] = left > 0 ? left : nil
    }

    /// Removes all that wait.
    mutating func removeWaiting() { waiting = [:] }

    private var nextHost: String? {
        let free = waiting.filter { running[$0.key, default: 0] < limitPerHost }
        return free.min { one, other in
            guard let first = one.value.min, let second = other.value.min else { return false }
            return first < second
        }?.key
    }
}
