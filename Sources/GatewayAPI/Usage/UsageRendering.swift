import Gateway
import GatewayProtocol
import JSONText
import VideoJobs

extension UsageReport {
    /// Returns the report as a JSON document.
    ///
    /// - Parameter ceilings: of the gateway, for an operator.
    func json(_ ceilings: CeilingUsage?) -> [UInt8] {
        var writer = JSONWriter(reserving: 256 * (sums.count + 2 * clients.count + 1))
        writer.beginObject()
        writer.member(.object, "usage")
        writer.member(.since, query.since.seconds)
        writer.member(.by, query.grouping.rawValue)
        writer.name(UsageMember.data.rawValue)
        writer.beginArray()
        for (name, sum) in sums {
            writer.beginObject()
            writer.member(query.grouping.member, name)
            writer.members(of: sum)
            writer.endObject()
        }
        writer.endArray()
        writer.name(UsageMember.total.rawValue)
        writer.beginObject()
        writer.members(of: total)
        writer.endObject()
        writer.name(UsageMember.clients.rawValue)
        writer.beginArray()
        for client in clients { writer.write(client) }
        writer.endArray()
        if let ceilings {
            writer.name(UsageMember.ceilings.rawValue)
            writer.write(ceilings)
        }
        writer.endObject()
        return writer.bytes
    }

    /// The sums as comma-separated values (RFC 4180) with amounts in US dollars.
    var csv: [UInt8] {
        var lines = [
            [
                query.grouping.rawValue, "jobs", "videos", "spent_usd", "reserved_usd", "held_usd",
                "accepted", "rejected",
                "spent_per_accepted_usd",
            ]
        ]
        lines += sums.map { name, sum in
            [name, "\(sum.jobs)", "\(sum.videos)"]
                + [sum.spent, sum.reserved, sum.held].map { Dollars.text($0) }
                + ["\(sum.accepted)", "\(sum.rejected)", sum.spentPerAccepted.map { Dollars.text($0) } ?? ""]
        }
        return lines.flatMap { Array($0.map(Self.csvField).joined(separator: ",").utf8) + [0x0D, 0x0A] }
    }

    /// Quotes a field that needs it.
    private static func csvField(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x2C }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}

extension UsageGrouping {
    fileprivate var member: UsageMember {
        switch self {
        case .client: .client
        case .model: .model
        case .day: .day
        }
    }
}

extension JSONWriter {
    fileprivate mutating func members(of sum: UsageSum) {
        member(.jobs, sum.jobs)
        member(.videos, sum.videos)
        member(.spent, sum.spent)
        member(.reserved, sum.reserved)
        member(.held, sum.held)
        member(.accepted, sum.accepted)
        member(.rejected, sum.rejected)
        member(UsageMember.spentPerAccepted.rawValue, sum.spentPerAccepted)
    }

    /// Writes the spend ceilings; one that the gateway does not have is null.
    fileprivate mutating func write(_ ceilings: CeilingUsage) {
        beginObject()
        name(UsageMember.job.rawValue)
        if let job = ceilings.job {
            beginObject()
            member(.microdollars, job)
            endObject()
        } else {
            null()
        }
        name(UsageMember.day.rawValue)
        if let day = ceilings.day { write(day) } else { null() }
        endObject()
    }

    /// Writes the spend ceiling of the day.
    mutating func write(_ day: CeilingUsage.Day) {
        beginObject()
        member(.microdollars, day.limit)
        member(.counted, day.counted)
        member(.left, day.left)
        member(.since, day.since.seconds)
        member(.resets, day.resets.seconds)
        endObject()
    }

    fileprivate mutating func write(_ client: ClientUsage) {
        beginObject()
        member(.client, client.name)
        name(UsageMember.budget.rawValue)
        if let budget = client.budget { write(budget) } else { null() }
        limit(.inFlight, client.limits.inFlight, used: client.openTasks)
        limit(.jobsPerDay, client.limits.jobsPerDay, used: client.jobsToday, resets: client.dayEnds)
        limit(.requestsPerMinute, client.limits.requestsPerMinute)
        endObject()
    }

    private mutating func write(_ budget: ClientUsage.Budget) {
        beginObject()
        member(.microdollars, budget.budget.microdollars)
        member(.per, budget.budget.period.rawValue)
        member(.spent, budget.sum.spent)
        member(.reserved, budget.sum.reserved)
        member(.held, budget.sum.held)
        member(.left, budget.left)
        member(.resets, budget.resets.seconds)
        endObject()
    }

    /// Writes how much of a limit is used; a limit that the client does not have is null.
    private mutating func limit(
        _ name: UsageMember, _ limit: Int?, used: Int? = nil, resets: Timestamp? = nil
    ) {
        self.name(name.rawValue)
        beginObject()
        member(UsageMember.limit.rawValue, limit)
        if let used { member(.used, used) }
        if let resets { member(.resets, resets.seconds) }
        endObject()
    }

    fileprivate mutating func member(_ name: UsageMember, _ text: String) { member(name.rawValue, text) }

    fileprivate mutating func member(_ name: UsageMember, _ number: some BinaryInteger) {
        self.name(name.rawValue)
        integer(number)
    }
}
