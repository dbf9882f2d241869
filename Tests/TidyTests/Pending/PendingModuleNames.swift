extension Pending {
    /// Names of types that two modules declare.
    static let namesInTwoModules: Set<String> = []
}
