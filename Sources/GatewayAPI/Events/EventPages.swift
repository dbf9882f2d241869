import Gateway
import VideoJobs

/// Reads what a stream sends before it is live: stored events after the last one that its client has, or the
/// present states.
struct EventPages: Sendable {
    let gateway: VideoGateway
    let responses: TaskResponseCache
    let storeID: String
    let subscription: EventSubscription

    /// Stored events that are read at once.
    private static let pageMax = 50
    /// Stored events that a client can be behind; one that is further behind gets a snapshot.
    static let behindMax = 10_000

    /// Returns what follows a cursor that is neither live nor ended.
    func page(at cursor: EventCursor) async throws(GatewayError) -> EventPage {
        switch (subscription.subject, cursor) {
        case (.task(let id), .resuming(let position, _, _, _)): try await taskEvents(of: id, after: position)
        case (.task(let id), .snapshot(let snapshot)):
            try await current(id, after: 0, EventPage(texts: Self.opening(snapshot), next: .ended))
        case (.all, .resuming(let position, let isVerified, let sent, let snapshot)):
            try await events(after: position, isVerified: isVerified, sent: sent, beyond: snapshot)
        case (.all, .snapshot(let snapshot)): try await tasks(of: snapshot)
        case (_, .live), (_, .ended): EventPage(next: cursor)
        }
    }

    /// Returns the text of a change.
    func text(of event: TaskEvent) -> [UInt8] {
        event.text(for: subscription.subject) {
            EventText.task(
                responses.json(for: gateway.view(of: event.record)),
                id: id(of: event.record, sequence: event.sequence))
        }
    }

    private func text(of record: TaskRecord, sequence: Int64) -> [UInt8] {
        EventText.task(
            responses.json(for: gateway.view(of: record)), id: id(of: record, sequence: sequence))
    }

    private func id(of record: TaskRecord, sequence: Int64) -> String {
        switch subscription.subject {
        case .all: EventID(store: storeID, sequence: sequence).text
        case .task: String(record.version)
        }
    }
}

// One task.
extension EventPages {
    /// Only a client that named an event learns that it gets a snapshot instead.
    private static func opening(_ snapshot: EventSnapshot) -> [[UInt8]] {
        snapshot.reason == .new ? [] : [EventText.reset(snapshot.reason)]
    }

    private func taskEvents(of id: TaskID, after position: Int64) async throws(GatewayError) -> EventPage {
        let events = try await gateway.events(of: id, after: Int(position), limit: Self.pageMax)
        var page = EventPage(texts: texts(of: events), next: .ended)
        let last = events.last.map { Int64($0.event.number) } ?? position
        if events.count == Self.pageMax {
            page.next = .resuming(after: last, isVerified: true, sent: 0)
            return page
        }
        // The record in memory may be older for a moment.
        if events.last?.snapshot?.state.isFinal == true { return page }
        return try await current(id, after: events.last?.snapshot == nil ? position : last, page)
    }

    /// Appends the present state, unless it was sent.
    private func current(
        _ id: TaskID, after position: Int64, _ page: EventPage
    ) async throws(GatewayError) -> EventPage {
        guard let record = try await gateway.task(id.text, for: subscription.caller)?.record else {
            return page
        }
        var page = page
        let version = Int64(record.version)
        if version > position { page.texts.append(text(of: record, sequence: 0)) }
        if !record.state.isFinal { page.next = .live(after: max(version, position)) }
        return page
    }
}

// All tasks.
extension EventPages {
    private func events(
        after position: Int64, isVerified: Bool, sent: Int, beyond snapshot: SnapshotVersions?
    ) async throws(GatewayError) -> EventPage {
        // The event that the client names is read too: it must exist.
        let checks = !isVerified && position > 0
        var events = try await gateway.events(
            after: checks ? position - 1 : position, limit: Self.pageMax)
        let isFull = events.count == Self.pageMax
        if checks {
            guard events.first?.sequence == position, events.first?.snapshot != nil else { return reset }
            events.removeFirst()
        }
        let sent = sent + events.count
        if sent > Self.behindMax { return reset }
        let last = events.last?.sequence ?? position
        return EventPage(
            texts: texts(of: events.filter { $0.snapshot.map { snapshot?.contains($0) != true } ?? false }),
            next: isFull
                ? .resuming(after: last, isVerified: true, sent: sent, beyond: snapshot)
                : .live(after: last, beyond: snapshot?.isOver(at: last) == true ? nil : snapshot))
    }

    private var reset: EventPage {
        EventPage(next: .snapshot(EventSnapshot(.unknownEvent, of: subscription)))
    }

    private func texts(of events: [SequencedTaskEvent]) -> [[UInt8]] {
        events.compactMap { event in
            guard let record = event.snapshot, subscription.includes(record) else { return nil }
            return text(of: record, sequence: event.sequence)
        }
    }

    private func tasks(of snapshot: EventSnapshot) async throws(GatewayError) -> EventPage {
        var snapshot = snapshot
        guard let position = snapshot.position else {
            // Before the tasks are read: a change in between is sent as one.
            snapshot.begin(at: try await gateway.lastEventSequence())
            return EventPage(texts: [EventText.reset(snapshot.reason)], next: .snapshot(snapshot))
        }
        guard let query = snapshot.query else {
            let id = EventID(store: storeID, sequence: position)
            let end = try await gateway.lastEventSequence()
            snapshot.sent.end(at: end)
            return EventPage(
                texts: [EventText.id(id.text)],
                next: .live(after: position, beyond: end > position ? snapshot.sent : nil))
        }
        let (views, hasMore) = try await gateway.tasks(matching: query, for: subscription.caller)
        let records = snapshot.receive(views.map(\.record), hasMore: hasMore)
        snapshot.sent.insert(records)
        return EventPage(
            texts: records.map { EventText.task(responses.json(for: gateway.view(of: $0)), id: nil) },
            next: .snapshot(snapshot))
    }
}
