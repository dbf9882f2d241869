package import JSONText

/// One parameter of a model: a member that its jobs may have, and the values that it accepts.
package struct JobParameter: Equatable, Sendable {
    /// The type of a parameter's value.
    package enum Kind: String, CaseIterable, Sendable {
        case string, integer, boolean, url
        case urlList = "url_list"
    }

    package var name: String
    package var kind: Kind
    package var description: String?
    /// Whether a job must have the parameter. A required string must also not be blank.
    package var isRequired = false
    package var isNullable = false
    /// The only accepted values, if they are enumerated.
    package var allowed: [JSONValue]?
    package var range: ClosedRange<Int64>?
    /// The maximum length in Unicode code points, as in JSON Schema.
    package var lengthMax: Int?
    package var items: ClosedRange<Int>?
    /// The value that the provider uses if the member is missing. Documentation only; never added to a job.
    package var providerDefault: JSONValue?

    /// The range of accepted integers where `allowed` does not restrict them further.
    var integers: ClosedRange<Int64> { range ?? .min ... .max }

    /// The accepted values, if there are few enough to list in a message.
    package var listedValues: [JSONValue]? {
        if let allowed { return allowed }
        guard let range else { return nil }
        let (distance, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
        return overflow || distance >= 12 ? nil : range.map { .integer($0) }
    }
}
