package import Gateway
import GatewayProtocol
import JSONText
import VideoJobs

extension Problem {
    /// A job that exceeds a limit of its client or of the gateway.
    package init(_ job: LimitedJob) {
        self.init(job.code, job.message)
        switch job.limit {
        case .unpricedForBudget, .unpricedForCeiling:
            issues = [RequestIssue(.pointer("/model"), job.code, job.message)]
        case .jobCeiling, .budget, .dayCeiling, .inFlight, .jobsPerDay: break
        }
        hint = "Nothing was bought. \(job.advice)"
        limit = job
        if let seconds = job.retryAfterSeconds { retryAfter = seconds }
    }
}

// What a limit says to people.
extension LimitedJob {
    fileprivate var code: ProblemCode {
        switch limit {
        case .unpricedForBudget: .modelNotAllowed
        case .budget: .budgetExhausted
        case .unpricedForCeiling, .jobCeiling, .dayCeiling: .spendCeiling
        case .inFlight, .jobsPerDay: .tooManyTasks
        }
    }

    fileprivate var message: String {
        switch limit {
        case .unpricedForBudget:
            "client \(client) has a budget, and the catalog has no price for the job"
        case .unpricedForCeiling:
            "the gateway has a spend ceiling, and the catalog has no price for the job"
        case .jobCeiling(let amount):
            "\(cost), more than the gateway's ceiling for one job, \(amount.dollars)"
        case .budget(let amount):
            message(amount, of: "the budget of client \(client)")
        case .dayCeiling(let amount):
            message(amount, of: "the gateway's ceiling for all jobs of a day")
        case .inFlight(let max):
            "client \(client) may have \(Self.count(max, "open task")) at once; try again when one has ended"
        case .jobsPerDay(let max, let resets):
            "client \(client) may submit \(Self.count(max, "job")) a day; the next day begins \(time(resets))"
        }
    }

    private func message(_ amount: AdmissionLimit.Amount, of owner: String) -> String {
        guard amount.fits(price) else {
            return "\(cost), more than all of \(owner), \(amount.limit.dollars): it never fits"
        }
        return "\(cost), and \(amount.left.dollars) of \(owner), \(amount.limit.dollars), is left; "
            + "it resets \(time(amount.resets))"
    }

    private var cost: String { "the job costs \(price?.dollars ?? "an unknown price")" }

    /// When a period begins: how long that is from now, if it is known, and the time.
    private func time(_ resets: Timestamp) -> String {
        let wait = retryAfterSeconds.map { "in \(WaitText.text(seconds: $0)), " } ?? ""
        return "\(wait)at \(resets.text)"
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }

    fileprivate var advice: String {
        let set = "reelgate clients set \(client)"
        return switch limit {
        case .unpricedForBudget, .unpricedForCeiling:
            "Choose a model with a price, or ask an operator to add prices to the model in the catalog."
        case .jobCeiling:
            "Send a cheaper job. An operator can raise spend.job_usd in the configuration."
        case .budget(let amount):
            "\(amount.advice(for: price)) An operator can give more: \(set) --budget-usd N --per day or month"
        case .dayCeiling(let amount) where amount.fits(price):
            "\(amount.advice(for: price)) An operator can let the ceiling count anew with reelgate resume "
                + "--spend, or raise spend.day_usd in the configuration."
        case .dayCeiling(let amount):
            "\(amount.advice(for: price)) An operator can raise spend.day_usd in the configuration."
        case .inFlight: "Wait until a task has ended. An operator can allow more: \(set) --in-flight N"
        case .jobsPerDay: "Wait for the next day. An operator can allow more: \(set) --jobs-per-day N"
        }
    }
}

// What a limit says to programs.
extension LimitedJob {
    /// The member `limit` of a problem; `nil` where the message says it all.
    var document: JSONObject? {
        switch limit {
        case .unpricedForBudget, .unpricedForCeiling: nil
        case .jobCeiling(let amount):
            document("job_usd", [Self.amount: .integer(amount)])
        case .budget(let amount): document(ClientMember.budget.rawValue, amount.document)
        case .dayCeiling(let amount): document("day_usd", amount.document)
        case .inFlight(let max):
            [Self.name: .string(ClientMember.inFlight.rawValue), Self.max: .integer(Int64(max))]
        case .jobsPerDay(let max, let resets):
            [
                Self.name: .string(ClientMember.jobsPerDay.rawValue), Self.max: .integer(Int64(max)),
                Self.resets: .integer(resets.seconds),
            ]
        }
    }

    /// - Parameter name: As in the configuration, or in a client's document.
    private func document(_ name: String, _ amount: JSONObject) -> JSONObject {
        var members = [JSONObject.Member(Self.name, .string(name))] + amount.members
        if let price {
            members.append(JSONObject.Member(ProblemMember.priceMicrodollars.rawValue, .integer(price)))
        }
        return JSONObject(members)
    }

    private static let name = ProblemMember.name.rawValue
    private static let max = ProblemMember.max.rawValue
    fileprivate static let amount = ProblemMember.microdollars.rawValue
    fileprivate static let resets = ProblemMember.resets.rawValue
}

extension AdmissionLimit.Amount {
    fileprivate var document: JSONObject {
        [
            LimitedJob.amount: .integer(limit), ProblemMember.leftMicrodollars.rawValue: .integer(left),
            LimitedJob.resets: .integer(resets.seconds),
        ]
    }

    fileprivate func advice(for price: Int64?) -> String {
        fits(price) ? "Send a cheaper job, or wait until it resets." : "Send a cheaper job."
    }
}

extension Int64 {
    /// Micro-dollars as text.
    fileprivate var dollars: String { "$\(Dollars.text(self))" }
}

extension Timestamp {
    /// The beginning of a day, as in RFC 3339.
    fileprivate var text: String { "\(UTCDate(of: self))T00:00:00Z" }
}
