import GatewayProtocol
import JSONText

/// Clients as aligned lines for a person.
enum ClientListing {
    /// Returns the lines, the first with the column names. `now` in seconds since 1970.
    static func lines(_ clients: [ClientDocument], now: Int64) -> [String] {
        TextTable.lines(
            [["CLIENT", "ROLE", "TOKENS", "AGE", "LIMITS", "MODELS"]]
                + clients.map { client in
                    [
                        client.name, client.role, "\(client.tokens.count)",
                        TaskTable.age(now - client.created), client.briefRights, models(client),
                    ]
                })
    }

    /// Returns all of a client, one name and value a line.
    static func details(_ client: ClientDocument) -> [String] {
        var rows = [
            ["client", client.name], ["role", client.role], ["models", models(client)],
            ["created", TaskTable.timestamp(client.created)],
        ]
        rows += client.rights
        if client.tokens.isEmpty { rows.append(["tokens", "none"]) }
        for token in client.tokens {
            let end = token.expires.map { ", valid until \(TaskTable.timestamp($0))" } ?? ""
            rows.append(["token", "issued \(TaskTable.timestamp(token.issued))\(end)"])
        }
        return TextTable.lines(rows)
    }

    private static func models(_ client: ClientDocument) -> String {
        client.models.map { $0.joined(separator: ", ") } ?? "all"
    }
}
