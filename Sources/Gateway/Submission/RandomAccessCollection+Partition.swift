extension RandomAccessCollection where Index == Int {
    /// Returns the number of elements that come before the others, in a collection sorted by that.
    func partitionIndex(_ isBefore: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
