package import JSONText

/// The reason why a request is not a valid job.
package enum JobValidationError: Error, Equatable, Sendable {
    /// 400 `malformed_json`.
    case malformed(JSONError)
    /// 422 `unknown_model`. The issue concerns `/model` and suggests the nearest known ID if there is one.
    case unknownModel(JobIssue)
    /// 422 `model_retired`. The issue concerns `/model` and names the successor if there is one.
    case modelRetired(JobIssue)
    /// 422 `invalid_parameters`: every issue, in the order of the request's members, missing ones last.
    case invalid([JobIssue])
}
