import Gateway

/// Throws unless two values are equal.
func expect<Value: Equatable>(_ found: Value, is expected: Value, _ what: String) throws {
    guard found == expected else {
        throw ContractError(description: "\(what): expected \(expected), found \(found)")
    }
}

/// Throws unless the store fails.
func expectFailure(_ what: String, _ body: () async throws(StoreError) -> Void) async throws {
    do throws(StoreError) {
        try await body()
    } catch {
        return
    }
    throw ContractError(description: "\(what): expected a failure")
}
