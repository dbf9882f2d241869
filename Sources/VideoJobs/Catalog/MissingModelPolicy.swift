/// What happens to jobs of a model that the provider no longer lists.
package enum MissingModelPolicy: String, CaseIterable, Sendable {
    /// They are accepted; the gateway reports that the model is missing.
    case warn
    /// They are refused, as those of a retired model.
    case refuse
}
