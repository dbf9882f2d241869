import Gateway
import Metrics
import VideoJobs

/// Shows the figures of a gateway as metrics.
final class FigureMetrics: Sendable {
    private let models: LabelLimit
    /// Clients by name; all further ones together are `other`.
    private let clients = LabelLimit(100)

    init(models: LabelLimit) { self.models = models }

    /// While the store was never read, what only it knows has no series.
    func families(of figures: GatewayFigures) -> [MetricFamily] {
        tasks(figures.stored?.totals) + money(figures.stored) + uncertain(figures.stored?.totals, figures.now)
            + archive(figures) + [pauses(figures), missing(figures)]
    }

    private func tasks(_ totals: TaskTotals?) -> [MetricFamily] {
        let counts = sums(totals) { group, sum in
            ([MetricLabel("state", group.state.rawValue), self.model(group)], Int64(sum.jobs))
        }
        return [
            MetricFamily(
                .gauge, "reelgate_tasks", "Tasks by state, those that have ended included",
                counts.map { MetricSample(.integer($0.number), $0.labels) })
        ]
    }

    private func money(_ stored: StoredFigures?) -> [MetricFamily] {
        let spent = sums(stored?.totals) { group, sum in
            ([self.model(group), MetricLabel("client", self.clients.value(group.client))], sum.spent)
        }
        let reserved = stored?.totals.sums.values.reduce(0) { $0 + $1.reserved }
        return [
            MetricFamily(
                .counter, "reelgate_spend_usd_total", "US dollars that videos cost by the catalog's prices",
                spent.map { MetricSample(.dollars($0.number), $0.labels) }),
            MetricFamily(
                .gauge, "reelgate_reserved_usd", "US dollars that open tasks reserve",
                (reserved.map { [MetricSample(.dollars($0))] }) ?? []),
            MetricFamily(
                .gauge, "reelgate_budget_remaining_usd",
                "US dollars that a client's budget has left, of the first 100 clients with one",
                (stored?.budgets ?? []).map {
                    MetricSample(.dollars($0.left), [MetricLabel("client", $0.client)])
                }),
        ]
    }

    private func uncertain(_ totals: TaskTotals?, _ now: Timestamp) -> [MetricFamily] {
        let count = totals?.sums.reduce(0) { $0 + ($1.key.state == .uncertain ? $1.value.jobs : 0) }
        let age = totals.map { max(0, ($0.oldestUncertain.map { now - $0 } ?? .zero).seconds) }
        return [
            MetricFamily(
                .gauge, "reelgate_uncertain_tasks", "Tasks whose outcome is unknown until they are settled",
                (count.map { [MetricSample(.integer(Int64($0)))] }) ?? []),
            MetricFamily(
                .gauge, "reelgate_uncertain_oldest_seconds", "Age of the oldest of them; 0 without any",
                (age.map { [MetricSample(.number($0))] }) ?? []),
        ]
    }

    private func archive(_ figures: GatewayFigures) -> [MetricFamily] {
        let lifetime = figures.linkLifetime.map { max(0, $0.seconds) } ?? .infinity
        return [
            MetricFamily(
                .gauge, "reelgate_archive_bytes", "Bytes of archived results",
                .integer(figures.archiveBytes)),
            MetricFamily(
                .gauge, "reelgate_archive_free_bytes", "Bytes that the archive's disk has left for results",
                (figures.archiveFreeBytes.map { [MetricSample(.integer($0))] }) ?? []),
            MetricFamily(
                .gauge, "reelgate_link_expiry_seconds_min",
                "Time until the first link of a result that is not copied yet expires; +Inf without any",
                .number(lifetime)),
        ]
    }

    private func pauses(_ figures: GatewayFigures) -> MetricFamily {
        let codes = GatewayFigures.pauseCodes + figures.pauses.subtracting(GatewayFigures.pauseCodes).sorted()
        return MetricFamily(
            .gauge, "reelgate_submission_paused", "Whether jobs do not get through for a reason",
            codes.map {
                MetricSample(.integer(figures.pauses.contains($0) ? 1 : 0), [MetricLabel("reason", $0)])
            })
    }

    private func missing(_ figures: GatewayFigures) -> MetricFamily {
        var models: [String: Bool] = [:]
        for (id, isMissing) in figures.modelsMissing.sorted(by: { $0.key < $1.key }) {
            // Those beyond the limit share a value.
            models.merge([self.models.value(id): isMissing]) { $0 || $1 }
        }
        return MetricFamily(
            .gauge, "reelgate_model_missing", "Whether the provider's list lacks a model of the catalog",
            models.sorted { $0.key < $1.key }.map {
                MetricSample(.integer($0.value ? 1 : 0), [MetricLabel("model", $0.key)])
            })
    }

    private func model(_ group: TaskTotals.Group) -> MetricLabel {
        MetricLabel("model", models.value(group.model))
    }

    /// Adds up the groups with the same labels, in the order of their labels.
    private func sums(
        _ totals: TaskTotals?,
        _ series: (TaskTotals.Group, UsageSum) -> (labels: [MetricLabel], number: Int64)
    ) -> [(labels: [MetricLabel], number: Int64)] {
        var sums: [[MetricLabel]: Int64] = [:]
        // In a fixed order, since the first ones get labels of their own.
        for (group, sum) in (totals?.sums ?? [:]).sorted(by: { $0.key.name < $1.key.name }) {
            let (labels, number) = series(group, sum)
            sums[labels, default: 0] += number
        }
        return sums.map { (labels: $0.key, number: $0.value) }
            .sorted { $0.labels.map(\.value).lexicographicallyPrecedes($1.labels.map(\.value)) }
    }
}

extension TaskTotals.Group {
    fileprivate var name: String { "\(client) \(model) \(state.rawValue)" }
}

extension MetricSample.Value {
    /// Micro-dollars as dollars.
    fileprivate static func dollars(_ microdollars: Int64) -> MetricSample.Value {
        .number(Double(microdollars) / 1_000_000)
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(milliseconds) / 1000 }
}
