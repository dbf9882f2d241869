import Logging
import Synchronization
import VideoJobs

/// A store that was put back from a backup knows less than was sent: what it calls `queued` may be running.
extension VideoGateway {
    /// More than a store commits before its mark follows. Added to the mark when a restored store goes on, so
    /// that no other copy of what it was before can look newer than it.
    private static var sequenceStep: Int64 { 1_000_000 }
    private static var restart: String {
        "not all tasks of the restored store are uncertain yet; restart the gateway, which makes them so"
    }

    /// Compares the store with the copies of its mark and notes durably if it is behind them. Returns what
    /// the store then knows of itself.
    func detectRestoration() async throws(StoreError) -> StoreIdentity {
        let identity = try await ports.store.identity()
        let mark = await marks.highest(of: identity.id)
        if let mark, mark > identity.sequence { try await noteRestoration(identity, mark) }
        return try await ports.store.identity()
    }

    /// Ends what recovery had to do for a restored store: from here on only an operator's resume is missing.
    func endDetection(of identity: StoreIdentity, madeUncertain count: Int) async throws(StoreError) {
        switch identity.restoration {
        case nil: return
        case .detected:
            try await ports.store.setRestoration(.paused, raisingSequenceTo: 0)
            ports.log.error(
                """
                \(RestoredStore.message): \(count) of its tasks, queued or sending, are uncertain and are \
                not sent. Submission is paused. Tasks and idempotency keys newer than the backup are lost: \
                a client that repeats such a job buys it again. Settle the uncertain tasks (reelgate tasks \
                list --state uncertain), then run reelgate resume --older-store
                """)
        case .paused:
            ports.log.warning(
                "\(RestoredStore.message): submission stays paused until reelgate resume --older-store")
        }
    }

    /// Makes tasks uncertain that a restored store knows as not sent, or as being sent by a process before.
    func makeUncertain(_ records: [TaskRecord]) async throws(StoreError) {
        let failure = await withTaskGroup(of: StoreError?.self) { group in
            // All at once: they share the store's group commits.
            for record in records { group.addTask { await self.makeUncertain(record) } }
            return await group.reduce(nil as StoreError?) { $0 ?? $1 }
        }
        if let failure { throw failure }
    }

    /// Returns why that could not be noted, if so.
    private func makeUncertain(_ record: TaskRecord) async -> StoreError? {
        do throws(StoreError) {
            let outcome = try await journal.apply(restoration(of: record), to: record.id)
            // Put back while it was in use: what is in memory is newer, and only a start looks at all anew.
            return outcome?.changed == false ? .oneTask(Self.restart) : nil
        } catch { return error }
    }

    private func restoration(of record: TaskRecord) -> TaskLifecycle.Event {
        let reply = LostReply(
            "\(RestoredStore.message): the job may have been sent at any time since the backup")
        let now = ports.clock.now()
        return record.state == .sending ? .verdict(.unknown(reply), at: now) : .outdated(reply, at: now)
    }

    /// A copy of the mark that is ahead of the store turned up while the gateway was running.
    func foundMarkAhead(_ mark: Int64) async {
        guard
            restoring.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing)
                .exchanged
        else { return }
        defer { restoring.store(false, ordering: .releasing) }
        queue.withLock { $0.pause() }
        // Tried again with the next write of the mark.
        guard health.trouble == nil else { return }
        do {
            try await health.watching { () throws(StoreError) in
                try await noteRestoration(try await ports.store.identity(), mark)
            }
            let identity = try await ports.store.identity()
            try await endDetection(of: identity, madeUncertain: try await makeWaitingUncertain())
        } catch {
            ports.log.error(
                "\(RestoredStore.message); submission is paused, and the store cannot note it: \(error.message)"
            )
        }
    }

    /// What is on its way now is sent by this very process, which hears of its end.
    private func makeWaitingUncertain() async throws(StoreError) -> Int {
        var count = 0
        var last: TaskID?
        while true {
            let page = try await ports.store.tasksWithWork(after: last, limit: 1000)
            let waiting = page.filter { $0.state == .queued }
            for record in waiting { queue.withLock { $0.withdraw(record.id) } }
            try await makeUncertain(waiting)
            count += waiting.count
            guard let end = page.last else { return count }
            last = end.id
        }
    }

    private func noteRestoration(_ identity: StoreIdentity, _ mark: Int64) async throws(StoreError) {
        ports.log.error(
            """
            \(RestoredStore.message): its last commit is number \(identity.sequence), and number \(mark) was \
            seen; it was put back from a backup or copied from elsewhere
            """)
        try await ports.store.setRestoration(.detected, raisingSequenceTo: mark + Self.sequenceStep)
    }

    /// Ends the pause after a restored store. Returns whether there was one.
    package func resumeSubmission() async throws(GatewayError) -> Bool {
        guard queue.withLock({ $0.isPaused }) else { return false }
        try await stored { () throws(StoreError) in
            guard try await ports.store.identity().restoration != .detected else {
                throw StoreError.oneTask(Self.restart)
            }
            try await ports.store.setRestoration(nil, raisingSequenceTo: 0)
        }
        marks.noteCommit()
        guard queue.withLock({ $0.resume() }) else { return false }
        ports.log.notice("submission goes on: an operator ended the pause of the restored store")
        pump()
        return true
    }
}

/// The words about a store that was restored.
package enum RestoredStore {
    package static let code = "store_restored"
    package static let message = "this store is older than what was sent"

    static let obstacle = ReadinessIssue(
        code: code,
        message: """
            \(message): it was put back from a backup, and submission is paused; settle the uncertain tasks \
            (reelgate tasks list --state uncertain), then run reelgate resume --older-store
            """,
        retryAfterSeconds: 60)
}
