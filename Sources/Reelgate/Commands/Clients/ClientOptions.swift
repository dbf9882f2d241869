import ArgumentParser
import Gateway
import GatewayProtocol
import JSONText
import VideoJobs

/// What a client may do and use: the options of `clients add` and `clients set`.
struct ClientOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("submitter (the default) or operator.", valueName: "role"))
    var role: ClientRole?

    @Option(
        name: .customLong("model"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A model that it may use; repeat it for more. Default: all.", valueName: "id"))
    var models: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Requests per minute. Further ones get 429. none for no limit.", valueName: "n"),
        transform: { try Self.limit($0, "--rpm") })
    var rpm: LimitOption?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Open tasks at once, queued ones included. none for no limit.", valueName: "n"),
        transform: { try Self.limit($0, "--in-flight") })
    var inFlight: LimitOption?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Jobs per day (UTC). none for no limit.", valueName: "n"),
        transform: { try Self.limit($0, "--jobs-per-day") })
    var jobsPerDay: LimitOption?

    @Option(
        name: .customLong("budget-usd"), parsing: .unconditional,
        help: ArgumentHelp(
            "US dollars per day or month, by the catalog's prices; none for no budget.", valueName: "n"))
    var budget: String?

    @Option(
        name: .customLong("per"), parsing: .unconditional,
        help: ArgumentHelp("The period of the budget: day or month (UTC).", valueName: "period"))
    var period: ClientBudget.Period?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Its turns in the queue, relative to others: 1 (the default) to 100.", valueName: "n"))
    var weight: Int64?

    func validate() throws {
        if budget == Self.none {
            if period != nil {
                throw ValidationError("--budget-usd none removes the budget: leave out --per")
            }
        } else {
            guard (budget == nil) == (period == nil) else {
                throw ValidationError("--budget-usd and --per are given together")
            }
            if let budget, Dollars.microdollars(budget) == nil {
                throw ValidationError("--budget-usd \(budget): an amount such as 50 or 12.50, or none")
            }
        }
        let weights = Client.weights
        if let weight, !weights.contains(Int(clamping: weight)) {
            throw ValidationError(
                "--weight \(weight): a number from \(weights.lowerBound) to \(weights.upperBound)")
        }
    }

    private static let none = "none"

    private static func limit(_ text: String, _ option: String) throws -> LimitOption {
        guard let limit = LimitOption(argument: text) else {
            throw ValidationError("\(option) \(text): a number from 1, or none for no limit")
        }
        return limit
    }

    /// The options that set a limit, as given.
    var givenLimits: [String] {
        [("--rpm", rpm), ("--in-flight", inFlight), ("--jobs-per-day", jobsPerDay)]
            .filter { $0.1 != nil }.map(\.0)
    }

    /// Whether no option is given.
    var isEmpty: Bool { members.members.isEmpty }

    /// The options as members of a client's document.
    var members: JSONObject {
        var members = JSONObject()
        members[ClientMember.role] = role.map { .string($0.rawValue) }
        if !models.isEmpty { members[ClientMember.models] = .array(models.map { .string($0) }) }
        var limits = JSONObject()
        limits[ClientMember.requestsPerMinute] = rpm?.value
        limits[ClientMember.inFlight] = inFlight?.value
        limits[ClientMember.jobsPerDay] = jobsPerDay?.value
        if !limits.members.isEmpty { members[ClientMember.limits] = .object(limits) }
        if budget == Self.none {
            members[ClientMember.budget] = .null
        } else if let amount = budget.flatMap(Dollars.microdollars), let period {
            members[ClientMember.budget] = .object([
                ClientMember.usd.rawValue: JSONValue(units: amount, decimals: 6),
                ClientMember.per.rawValue: .string(period.rawValue),
            ])
        }
        members[ClientMember.weight] = weight.map { .integer($0) }
        return members
    }
}

extension JSONObject {
    /// The value of a client's member.
    subscript(member: ClientMember) -> JSONValue? {
        get { self[member.rawValue] }
        set { self[member.rawValue] = newValue }
    }
}

extension LimitOption {
    /// The member of a client's document.
    fileprivate var value: JSONValue {
        switch self {
        case .none: .null
        case .limit(let number): .integer(number)
        }
    }
}

extension ClientRole: ExpressibleByArgument {}
extension ClientBudget.Period: ExpressibleByArgument {}
