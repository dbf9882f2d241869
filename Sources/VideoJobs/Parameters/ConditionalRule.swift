package import JSONText

/// A rule about several parameters: if all conditions of `when` hold, the conditions of `then` must hold too.
package struct ConditionalRule: Equatable, Sendable {
    /// A parameter and the values that satisfy the condition.
    package struct Condition: Equatable, Sendable {
        package var name: String
        package var values: [JSONValue]
    }

    package var when: [Condition]
    package var then: [Condition]
}
