import Logging
import Synchronization
package import VideoJobs

/// The desk at which a person settles what became of a lost reply.
extension VideoGateway {
    /// Settles an uncertain task. `nil` if there is no such task. Of several callers one wins.
    package func settle(
        _ id: TaskID, as settlement: TaskLifecycle.Settlement
    ) async throws(GatewayError) -> SettlementOutcome? {
        guard let view = try await task(id.text) else { return nil }
        guard view.record.state == .uncertain else { return .notUncertain(view) }
        guard case .adopt(let theirs) = settlement else { return try await conclude(settlement, of: id) }
        // One provider task is one video: two tasks of ours must not both become it.
        guard adopting.withLock({ $0.insert(theirs).inserted }) else { return .refused(.taken(by: nil)) }
        defer { adopting.withLock { _ = $0.remove(theirs) } }
        if let refusal = try await refusal(adopting: theirs) { return .refused(refusal) }
        return try await conclude(settlement, of: id)
    }

    /// Why a task of the provider's cannot be adopted, as our store and the provider say.
    private func refusal(
        adopting theirs: ProviderTaskID
    ) async throws(GatewayError) -> AdoptionIssue? {
        if let owner = try await owner(of: theirs) { return .taken(by: owner) }
        switch await ports.provider.poll(theirs) {
        case .notKnown(let message):
            return .notKnown(message: message)
        case .unavailable(let message, let retryAfter):
            return .notAsked(.providerUnreachable, message: message, retryAfter: retryAfter)
        case .credentialsRejected(let message):
            return .notAsked(.credentialsRejected, message: message, retryAfter: nil)
        case .report:
            // Meanwhile a job that was on its way may have become it.
            return try await owner(of: theirs).map { .taken(by: $0) }
        }
    }

    private func owner(of theirs: ProviderTaskID) async throws(GatewayError) -> TaskID? {
        try await stored { () throws(StoreError) in
            try await ports.store.task(providerTaskID: theirs)?.id
        }
    }

    private func conclude(
        _ settlement: TaskLifecycle.Settlement, of id: TaskID
    ) async throws(GatewayError) -> SettlementOutcome? {
        let event = TaskLifecycle.Event.settled(settlement, at: ports.clock.now())
        let outcome = try await stored { () throws(StoreError) in try await journal.apply(event, to: id) }
        guard let outcome else { return nil }
        guard outcome.changed else {
            // An earlier settlement may have been found by this.
            perform(outcome.effects, for: outcome.record)
            return .notUncertain(view(outcome.record))
        }
        perform(outcome.effects, for: outcome.record)
        switch settlement {
        case .adopt(let theirs):
            // It has been running for as long as nobody knew: the usual first delay is over.
            poller.plan(id, after: .zero)
            ports.log.info("\(id) was settled by hand: it is the provider's task \(theirs)")
        case .dismiss:
            ports.log.info("\(id) was settled by hand: it was never billed")
        case .resubmit:
            ports.log.warning("\(id) was settled by hand: it is sent again and may be billed twice")
        }
        return .settled(view(cache.record(id.text) ?? outcome.record))
    }
}
