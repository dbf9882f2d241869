/// The reason why a script or another control request is invalid, with its location.
package struct ScriptError: Error, Equatable, Sendable {
    /// JSON Pointer to the member; `nil` if the text is not valid JSON.
    package var pointer: String?
    package var message: String
}
