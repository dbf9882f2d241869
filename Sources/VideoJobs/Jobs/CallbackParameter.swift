import JSONText

/// The member `callback_url` of a job: where the gateway reports the end of the task. It is for the gateway,
/// and is not forwarded.
package enum CallbackParameter {
    package static let name = "callback_url"
    /// The maximum length in characters.
    package static let lengthMax = 2_000

    static let parameter: JobParameter = {
        var parameter = JobParameter(name: name, kind: .url)
        parameter.description = "Where the gateway sends the end of the task; not forwarded"
        parameter.isNullable = true
        parameter.lengthMax = lengthMax
        return parameter
    }()

    /// Returns the issues of a job's callback.
    static func issues(in members: JSONObject) -> [JobIssue] {
        guard let value = members[name] else { return [] }
        return parameter.issues(in: value, at: JSONPointer.root.appending(name))
    }
}
