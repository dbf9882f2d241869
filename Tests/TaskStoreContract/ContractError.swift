/// A difference between a store and the contract.
package struct ContractError: Error, CustomStringConvertible {
    package let description: String
}
