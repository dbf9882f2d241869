import ArgumentParser
import Gateway
import GatewayProtocol

/// A client's name.
struct ClientArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The client's name.", valueName: "name"))
    var name: String

    func validate() throws {
        guard Client.isValidName(name) else {
            throw ValidationError(
                "name: 1 to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit; "
                    + "\(Client.reservedNames.sorted().joined(separator: " and ")) are reserved")
        }
    }

    /// The path of the client's resource.
    var path: String { GatewayPath.path(GatewayPath.client, client: name) }
    var rotationPath: String { GatewayPath.path(GatewayPath.clientRotation, client: name) }
}
