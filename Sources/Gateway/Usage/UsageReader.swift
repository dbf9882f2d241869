import VideoJobs

/// Reads what clients spent and what is left, from sums over the tasks.
struct UsageReader: Sendable {
    let ports: GatewayPorts
    let clients: ClientRegistry
    let health: StoreHealth

    /// Returns the report of a caller: a client sees itself, an operator one client or everyone.
    ///
    /// - Parameter since: `nil` for the current month (UTC).
    func report(
        since: Timestamp?, client: String?, by grouping: UsageGrouping, for caller: Caller
    ) async throws(GatewayError) -> UsageReport {
        let now = ports.clock.now()
        let visible = caller.isOperator ? client : caller.client
        let query = UsageQuery(
            since: since ?? SpendingPeriod.month(of: now).start, client: visible, by: grouping)
        let sums = try await self.sums(query)
        return UsageReport(
            query: query, sums: sums.sorted { $0.key < $1.key }.map { (name: $0.key, sum: $0.value) },
            clients: try await clientUsages(of: visible, at: now))
    }

    private func clientUsages(of name: String?, at now: Timestamp) async throws(GatewayError) -> [ClientUsage]
    {
        let (day, month) = (SpendingPeriod.day(of: now), SpendingPeriod.month(of: now))
        let today = try await sums(UsageQuery(since: day.start, client: name))
        let thisMonth = try await sums(UsageQuery(since: month.start, client: name))
        let open = try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.usage.openTasks()
        }
        let known = name.map { [clients.client($0)].compactMap(\.self) } ?? clients.clients
        // Clients without a record: `open` and `operator`.
        let others = Set(thisMonth.keys).union(open.keys).subtracting(known.map(\.name))
            .filter { name == nil || name == $0 }
        let registered = known.map { client in
            ClientUsage(
                name: client.name, limits: client.limits, openTasks: open[client.name] ?? 0,
                jobsToday: today[client.name]?.jobs ?? 0, dayEnds: day.end,
                budget: client.budget.map { budget in
                    let sums = budget.period == .day ? today : thisMonth
                    return ClientUsage.Budget(
                        budget: budget, sum: sums[client.name] ?? UsageSum(),
                        resets: budget.period(of: now).end)
                })
        }
        let unregistered = others.map { name in
            ClientUsage(
                name: name, limits: ClientLimits(), openTasks: open[name] ?? 0,
                jobsToday: today[name]?.jobs ?? 0, dayEnds: day.end, budget: nil)
        }
        return (registered + unregistered).sorted { $0.name < $1.name }
    }

    private func sums(_ query: UsageQuery) async throws(GatewayError) -> [String: UsageSum] {
        try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.usage.usage(matching: query)
        }
    }
}
