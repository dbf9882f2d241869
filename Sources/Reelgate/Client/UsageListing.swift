import GatewayProtocol
import JSONText
import VideoJobs

/// A usage report as aligned lines for a person.
enum UsageListing {
    /// Returns the lines: the sums, then the limits of the clients that have some.
    static func lines(_ report: JSONValue) -> [String] {
        let since = report[UsageMember.since]?.integer.map(TaskTable.timestamp) ?? "-"
        let by = report[UsageMember.by]?.string.flatMap(UsageMember.init) ?? .client
        let sums = report[UsageMember.data]?.array ?? []
        var rows = [
            [by.rawValue.uppercased(), "JOBS", "VIDEOS", "SPENT", "RESERVED", "HELD", "ACCEPTED", "EACH"]
        ]
        rows += sums.map { [PrintableText.line($0[by]?.string ?? "-")] + numbers($0) }
        if sums.count > 1, let total = report[UsageMember.total] { rows.append(["total"] + numbers(total)) }
        let limits = limitRows(report[UsageMember.clients]?.array ?? [])
        let ceilings = ceilingLines(report[UsageMember.ceilings])
        return ["Jobs since \(since), at list prices in US dollars:"] + TextTable.lines(rows)
            + (limits.count > 1 ? [""] + TextTable.lines(limits) : [])
            + (ceilings.isEmpty ? [] : [""] + ceilings)
    }

    /// The spend ceilings of the gateway, which only operators see.
    private static func ceilingLines(_ ceilings: JSONValue?) -> [String] {
        let job = ceilings?[UsageMember.job]?[UsageMember.microdollars]?.integer.map {
            "Ceiling for one job: \(Dollars.text($0))"
        }
        let day = ceilings?[UsageMember.day].flatMap { day -> String? in
            guard day[UsageMember.microdollars]?.integer != nil else { return nil }
            let resets = day[UsageMember.resets]?.integer.map { " until \(TaskTable.timestamp($0))" } ?? ""
            return
                "Ceiling of the day: \(dollars(day, .microdollars)), of which \(dollars(day, .counted)) are "
                + "used and \(dollars(day, .left)) are left\(resets)"
        }
        return [job, day].compactMap(\.self)
    }

    private static func numbers(_ sum: JSONValue) -> [String] {
        [UsageMember.jobs, .videos].map { "\(sum[$0]?.integer ?? 0)" }
            + [UsageMember.spent, .reserved, .held].map { Dollars.text(sum[$0]?.integer ?? 0) }
            + [
                "\(sum[UsageMember.accepted]?.integer ?? 0)",
                sum[UsageMember.spentPerAccepted]?.integer.map { Dollars.text($0) } ?? "-",
            ]
    }

    private static func limitRows(_ clients: [JSONValue]) -> [[String]] {
        [["CLIENT", "BUDGET", "LEFT", "RESETS", "OPEN TASKS", "JOBS TODAY"]]
            + clients.compactMap { client in
                let budget = client[UsageMember.budget]
                let period = budget?[UsageMember.per]?.string
                let limits = [UsageMember.inFlight, .jobsPerDay].map { client[$0] ?? .null }
                guard period != nil || limits.contains(where: { $0[UsageMember.limit]?.integer != nil })
                else { return nil }
                return [
                    client[UsageMember.client]?.string ?? "-",
                    period.map { "\(dollars(budget, .microdollars)) per \($0)" } ?? "-",
                    period == nil ? "-" : dollars(budget, .left),
                    budget?[UsageMember.resets]?.integer.map(TaskTable.timestamp) ?? "-",
                ] + limits.map(used)
            }
    }

    private static func dollars(_ budget: JSONValue?, _ member: UsageMember) -> String {
        Dollars.text(budget?[member]?.integer ?? 0)
    }

    private static func used(_ limit: JSONValue) -> String {
        let used = limit[UsageMember.used]?.integer ?? 0
        return limit[UsageMember.limit]?.integer.map { "\(used) of \($0)" } ?? "\(used)"
    }
}
