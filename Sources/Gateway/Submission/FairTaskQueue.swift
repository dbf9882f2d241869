import VideoJobs

/// Ready tasks in weighted turns of their clients: start-time fair queueing (Goyal, Vin, Cheng 1996).
///
/// The client with the earliest virtual time has the next turn: its first ready task is sent, and its time
/// advances by the cost of a turn, which is inversely proportional to its weight. The virtual time of the
/// queue is that of the last turn. A client that begins to wait starts there, so that idle time earns
/// nothing; and no client is further ahead than one turn, so that a new client waits for at most one turn of
/// each other. Tasks of one client are sent in the order of admission.
///
/// Held tasks are kept elsewhere, but count here as waiting: positions ignore holds.
struct FairTaskQueue {
    /// Clients with a waiting task, and those that had one since the queue was empty last.
    private var clients: [ClientQueue] = []
    private var indices: [String: Int] = [:]
    private var turns = TurnHeap()
    /// The virtual time of the last turn. No next turn of a client with ready tasks is earlier.
    private var virtualTime = 0
    /// Weights other than 1.
    private var weights: [String: Int] = [:]
    private var waitingCount = 0
    /// The number of ready tasks.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Sets the weight of a client from its next turn on.
    mutating func setWeight(_ weight: Int, of client: String) {
        weights[client] = weight == 1 ? nil : weight
        if let index = indices[client] { clients[index].weight = weight }
    }

    /// Counts a task as waiting, ready or held.
    mutating func addWaiting(_ key: QueuedTask.Key) {
        let index = index(of: key.client)
        clients[index].addWaiting(key.number)
        waitingCount += 1
        updateTurn(of: index)
    }

    /// Counts a task as no longer waiting.
    mutating func removeWaiting(_ key: QueuedTask.Key) {
        guard let index = indices[key.client], clients[index].removeWaiting(key.number) else { return }
        waitingCount -= 1
        if waitingCount == 0 { forgetClients() }
    }

    /// Returns the position of a waiting task from 1, as if none were held.
    func position(of key: QueuedTask.Key) -> Int {
        guard let own = indices[key.client] else { return 1 }
        return position(clients[own].waiting.rank(of: key.number), of: clients[own], own)
    }

    /// Returns the position that a further task of a client would have.
    func positionOfNext(of client: String) -> Int {
        guard let own = indices[client] else {
            return position(0, of: ClientQueue(weight: weights[client] ?? 1), clients.count)
        }
        return position(clients[own].waiting.count, of: clients[own], own)
    }

    /// Returns the position of a client's task, before which the client has some others.
    private func position(_ before: Int, of client: ClientQueue, _ own: Int) -> Int {
        let time = client.start(virtualTime) + before * client.turnCost
        let number = client.waiting.isEmpty ? .max : client.firstNumber
        let turn = TurnHeap.Turn(time: time, number: number, client: own)
        return clients.indices.reduce(before + 1) { position, other in
            other == own ? position : position + clients[other].turns(before: turn, virtualTime)
        }
    }

    private mutating func index(of client: String) -> Int {
        if let index = indices[client] { return index }
        clients.append(ClientQueue(weight: weights[client] ?? 1))
        indices[client] = clients.count - 1
        return clients.count - 1
    }

    /// Nothing waits: all clients begin anew.
    private mutating func forgetClients() {
        clients.removeAll(keepingCapacity: true)
        indices.removeAll(keepingCapacity: true)
        turns = TurnHeap()
        virtualTime = 0
    }
}

// Ready tasks.
extension FairTaskQueue {
    /// Adds a ready task that counts as waiting.
    mutating func insert(_ task: QueuedTask) {
        let index = index(of: task.client)
        clients[index].ready.insert(task)
        count += 1
        updateTurn(of: index)
    }

    /// Moves all tasks of a list here; they count as waiting already.
    mutating func merge(_ list: inout QueuedTaskList) {
        var lists: [Int: QueuedTaskList] = [:]
        for position in 0..<list.count {
            lists[index(of: list[position].client), default: QueuedTaskList()].append(list[position])
        }
        for (index, var tasks) in lists {
            clients[index].ready.merge(&tasks)
            updateTurn(of: index)
        }
        count += list.count
        list = QueuedTaskList()
    }

    /// Removes a ready task without a turn; `nil` if it is not ready. It still counts as waiting.
    @discardableResult
    mutating func remove(_ key: QueuedTask.Key) -> QueuedTask? {
        guard let index = indices[key.client], let task = clients[index].ready.remove(number: key.number)
        else { return nil }
        count -= 1
        updateTurn(of: index)
        return task
    }

    /// Sets the traits of a ready task.
    mutating func setTraits(_ traits: JobTraits?, of key: QueuedTask.Key) {
        guard let index = indices[key.client], let position = clients[index].ready.index(of: key.number)
        else { return }
        clients[index].ready[position].traits = traits
    }

    /// Schedules the turn of a client that has ready tasks.
    private mutating func updateTurn(of index: Int) {
        guard !clients[index].ready.isEmpty else { return turns.remove(index) }
        clients[index].nextTurn = clients[index].start(virtualTime)
        turns.set(
            TurnHeap.Turn(
                time: clients[index].nextTurn, number: clients[index].firstNumber, client: index))
    }
}

// Turns.
extension FairTaskQueue {
    /// Removes the first task of the client whose turn it is.
    mutating func dequeueFirst() -> QueuedTask? {
        guard let turn = turns.first else { return nil }
        return dequeue(0, of: turn)
    }

    /// Removes the task that a search has found. Tasks that it passed over keep their positions.
    mutating func dequeue(at search: ReadyTaskSearch) -> QueuedTask? {
        guard let turn = search.turns.first else { return nil }
        return dequeue(search.skipped[turn.client] ?? 0, of: turn)
    }

    private mutating func dequeue(_ position: Int, of turn: TurnHeap.Turn) -> QueuedTask {
        virtualTime = max(virtualTime, turns.first?.time ?? 0)
        let task = clients[turn.client].ready.remove(at: position)
        count -= 1
        return chargingTurn(of: task)
    }

    /// Charges the client of a task for a turn, which the task records. The task no longer counts as waiting.
    mutating func chargingTurn(of task: QueuedTask) -> QueuedTask {
        let index = index(of: task.client)
        var task = task
        task.turnCost = clients[index].turnCost
        // At most one turn ahead, also after turns out of order: probes of held tasks.
        clients[index].nextTurn = virtualTime + task.turnCost
        updateTurn(of: index)
        removeWaiting(task.key)
        return task
    }

    /// Gives the turn back to the client of a task that was not sent.
    mutating func refundTurn(of task: QueuedTask) {
        guard task.turnCost > 0, let index = indices[task.client] else { return }
        clients[index].nextTurn -= task.turnCost
        updateTurn(of: index)
    }
}

// Search.
extension FairTaskQueue {
    /// Begins a search at the first ready task.
    func search() -> ReadyTaskSearch { ReadyTaskSearch(turns: turns) }

    /// Returns the task that a search has reached; `nil` at the end.
    func task(at search: ReadyTaskSearch) -> QueuedTask? {
        search.turns.first.map { clients[$0.client].ready[search.skipped[$0.client] ?? 0] }
    }

    /// Goes to the next task in the order of turns.
    func skip(in search: inout ReadyTaskSearch) {
        guard var turn = search.turns.first else { return }
        search.skipped[turn.client, default: 0] += 1
        turn.time += clients[turn.client].turnCost
        search.turns.set(turn)
        removeEndedTurns(of: turn.client, from: &search)
    }

    /// Removes the task that a search has reached, without a turn, and goes to the next one.
    mutating func remove(at search: inout ReadyTaskSearch) {
        guard let client = search.turns.first?.client else { return }
        _ = clients[client].ready.remove(at: search.skipped[client] ?? 0)
        count -= 1
        updateTurn(of: client)
        removeEndedTurns(of: client, from: &search)
    }

    private func removeEndedTurns(of client: Int, from search: inout ReadyTaskSearch) {
        if (search.skipped[client] ?? 0) >= clients[client].ready.count { search.turns.remove(client) }
    }
}
