import JSONText

/// The price of a job: of the resolution, the sound and the duration that it asks for.
///
/// A parameter that the job leaves out has the catalog's default. Without a default the job costs the highest
/// price that it may have.
struct JobPrice {
    /// The highest price of one job, in micro-dollars, so that sums of prices cannot overflow.
    static let max: Int64 = 1_000_000_000_000

    let entry: ModelEntry

    /// Returns the price in micro-dollars; `nil` if the catalog has none for everything that the job may be.
    func microdollars(of job: JSONObject) -> Int64? {
        var highest: Int64?
        for resolution in resolutions(of: job) {
            for audio in sounds(of: job) {
                guard let price = price(resolution, audio), let amount = amount(price, job) else {
                    return nil
                }
                highest = Swift.max(highest ?? 0, amount)
            }
        }
        return highest
    }

    private func amount(_ price: ModelPrice, _ job: JSONObject) -> Int64? {
        var amount = price.microDollars
        if price.unit == .second {
            guard let seconds = seconds(of: job), seconds >= 0 else { return nil }
            let (product, overflow) = amount.multipliedReportingOverflow(by: seconds)
            guard !overflow else { return nil }
            amount = product
        }
        return amount <= Self.max ? amount : nil
    }

    /// Returns the most specific price that applies; of equally specific ones the highest.
    private func price(_ resolution: String?, _ audio: Bool?) -> ModelPrice? {
        let matching = entry.prices.filter { price in
            (price.resolution == nil || price.resolution == resolution)
                && (price.audio == nil || price.audio == audio)
        }
        return matching.max { one, other in
            (one.specificity, one.microDollars) < (other.specificity, other.microDollars)
        }
    }

    // MARK: What a job may be

    /// The possible resolutions of the job; those of the prices if the catalog does not list its values.
    private func resolutions(of job: JSONObject) -> [String?] {
        if let known = entry.value("resolution", of: job)?.string { return [known] }
        let listed = entry.parameter("resolution")?.allowed?.compactMap(\.string) ?? []
        return listed.isEmpty ? Array(Set(entry.prices.map(\.resolution))) : listed
    }

    /// Whether the job may have sound; as the prices say if that is no parameter of the model.
    private func sounds(of job: JSONObject) -> [Bool?] {
        if let known = entry.value("generate_audio", of: job)?.bool { return [known] }
        return entry.parameter("generate_audio") == nil
            ? Array(Set(entry.prices.map(\.audio))) : [true, false]
    }

    /// The longest duration that the job may have.
    private func seconds(of job: JSONObject) -> Int64? {
        if let known = entry.value("duration", of: job)?.integer { return known }
        let parameter = entry.parameter("duration")
        return parameter?.allowed?.compactMap(\.integer).max() ?? parameter?.range?.upperBound
    }
}

extension ModelPrice {
    /// Orders prices that apply to the same job.
    fileprivate var specificity: Int { (resolution == nil ? 0 : 2) + (audio == nil ? 0 : 1) }
}

extension ModelEntry {
    /// Returns the value of a parameter that a job has: the one that it sends, or the provider's default.
    func value(_ name: String, of job: JSONObject) -> JSONValue? {
        let sent = job[name].flatMap { $0 == .null ? nil : $0 }
        return sent ?? parameter(name)?.providerDefault
    }

    /// Whether every valid job of the model has a price.
    package var pricesEveryJob: Bool {
        var whole = self
        for index in whole.parameters.indices { whole.parameters[index].providerDefault = nil }
        return JobPrice(entry: whole).microdollars(of: [:]) != nil
    }
}
