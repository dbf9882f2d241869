/// The next turns of clients: a binary heap in which each client is at most once, so that its turn can be
/// changed in logarithmic time.
struct TurnHeap {
    /// The next turn of one client.
    struct Turn: Comparable {
        /// The virtual time.
        var time: Int
        /// The admission number that decides between equal times.
        var number: UInt64
        /// The index of the client.
        var client: Int

        static func < (one: Turn, other: Turn) -> Bool {
            one.time == other.time ? one.number < other.number : one.time < other.time
        }
    }

    private var turns: [Turn] = []
    /// The index in `turns` of each client; -1 for a client without a turn.
    private var indices: [Int] = []

    /// The earliest turn.
    var first: Turn? { turns.first }

    /// Inserts the turn of a client, or changes it.
    mutating func set(_ turn: Turn) {
        while indices.count <= turn.client { indices.append(-1) }
        let index = indices[turn.client]
        if index < 0 {
            turns.append(turn)
            moveUp(turns.count - 1)
        } else {
            turns[index] = turn
            moveDown(moveUp(index))
        }
    }

    /// Removes the turn of a client, if it has one.
    mutating func remove(_ client: Int) {
        guard client < indices.count, indices[client] >= 0 else { return }
        let index = indices[client]
        indices[client] = -1
        let last = turns.removeLast()
        guard index < turns.count else { return }
        turns[index] = last
        moveDown(moveUp(index))
    }

    /// Moves a turn before all later ones above it. Returns its new index.
    @discardableResult
    private mutating func moveUp(_ start: Int) -> Int {
        let turn = turns[start]
        var index = start
        while index > 0, turn < turns[(index - 1) / 2] {
            put(turns[(index - 1) / 2], at: index)
            index = (index - 1) / 2
        }
        put(turn, at: index)
        return index
    }

    private mutating func moveDown(_ start: Int) {
        let turn = turns[start]
        var index = start
        while true {
            var child = 2 * index + 1
            guard child < turns.count else { break }
            if child + 1 < turns.count, turns[child + 1] < turns[child] { child += 1 }
            guard turns[child] < turn else { break }
            put(turns[child], at: index)
            index = child
        }
        put(turn, at: index)
    }

    private mutating func put(_ turn: Turn, at index: Int) {
        turns[index] = turn
        indices[turn.client] = index
    }
}
