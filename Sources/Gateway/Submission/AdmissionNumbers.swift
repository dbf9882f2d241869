import DequeModule

/// Admission numbers of waiting tasks, sorted.
struct AdmissionNumbers {
    private var numbers: Deque<UInt64> = []

    var count: Int { numbers.count }
    var isEmpty: Bool { numbers.isEmpty }

    mutating func insert(_ number: UInt64) { numbers.insert(number, at: rank(of: number)) }

    /// Removes a number. Returns whether it was there.
    mutating func remove(_ number: UInt64) -> Bool {
        let rank = rank(of: number)
        guard rank < numbers.count, numbers[rank] == number else { return false }
        numbers.remove(at: rank)
        return true
    }

    /// Returns how many numbers are smaller.
    func rank(of number: UInt64) -> Int {
        if let last = numbers.last, last < number { return numbers.count }
        return numbers.partitionIndex { $0 < number }
    }
}
