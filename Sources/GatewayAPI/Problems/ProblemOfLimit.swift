package import Gateway
import GatewayProtocol
import JSONText
import VideoJobs

extension Problem {
    /// A job that exceeds a limit of its client or of the gateway.
    package init(exceeding limit: AdmissionLimit, retryAfter seconds: Int? = nil) {
        switch limit {
        case .unpricedForBudget:
            self.init(
                .modelNotAllowed,
                "this client has a budget, and the catalog has no price for the job", at: .pointer("/model"))
        case .unpricedForCeiling:
            self.init(
                .spendCeiling,
                "the gateway has a spend ceiling, and the catalog has no price for the job",
                at: .pointer("/model"))
        case .jobCeiling(let amount):
            self.init(
                .spendCeiling, "the price of the job is above the ceiling for one job, \(amount.dollars)")
        case .budget(let amount):
            self.init(
                .budgetExhausted,
                "the price of the job is more than what is left of this client's budget: \(amount.sentence)")
        case .dayCeiling(let amount):
            self.init(
                .spendCeiling,
                "the price of the job is more than what is left of the ceiling for all jobs of the day: "
                    + amount.sentence)
        case .inFlight(let max):
            self.init(
                .tooManyTasks,
                "this client may have \(max) open tasks at once; try again when one has ended")
        case .jobsPerDay(let max, let resets):
            self.init(
                .tooManyTasks,
                "this client may submit \(max) jobs a day; the next day begins at \(resets.text)")
        }
        self.limit = limit
        if let seconds { retryAfter = seconds }
    }
}

extension AdmissionLimit {
    /// The member `limit` of a problem, for programs; `nil` where the message says it all.
    var document: JSONObject? {
        switch self {
        case .unpricedForBudget, .unpricedForCeiling: nil
        case .jobCeiling(let amount): [Self.name: "job_usd", Self.amount: .integer(amount)]
        case .budget(let amount): Self.document(ClientMember.budget.rawValue, amount)
        case .dayCeiling(let amount): Self.document("day_usd", amount)
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
    private static func document(_ name: String, _ amount: Amount) -> JSONObject {
        [
            Self.name: .string(name), Self.amount: .integer(amount.limit),
            ProblemMember.leftMicrodollars.rawValue: .integer(amount.left),
            Self.resets: .integer(amount.resets.seconds),
        ]
    }

    private static let name = ProblemMember.name.rawValue
    private static let amount = ProblemMember.microdollars.rawValue
    private static let max = ProblemMember.max.rawValue
    private static let resets = ProblemMember.resets.rawValue
}

extension AdmissionLimit.Amount {
    fileprivate var sentence: String {
        "\(left.dollars) of \(limit.dollars) are left; it resets at \(resets.text)"
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
