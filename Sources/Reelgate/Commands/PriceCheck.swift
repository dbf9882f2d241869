import Gateway
import Glibc
import StoreSQLite
import Transport
import VideoJobs

/// The check of a catalog's prices against the clients that have a budget.
struct PriceCheck {
    let catalog: ModelCatalog
    /// The name of the catalog's file.
    let file: String
    /// `nil` if the store cannot be seen.
    let clients: [Client]?

    /// Notes for the operator; none fails the check.
    var warnings: [String] {
        let examples = catalog.acceptedModels.filter { !$0.prices.isEmpty && !$0.pricesConfirmed }
        var notes: [String] = []
        if !examples.isEmpty {
            notes.append(
                "\(file): the prices of \(examples.count) models are examples: compare them with your "
                    + "account's, then set prices_confirmed: true in each")
        }
        return notes
            + unpriced.map {
                "\(file): \($0) has no price for every job: clients with a budget cannot use it, and a spend "
                    + "ceiling refuses it"
            }
    }

    /// Models without a price that a client with a budget may use.
    var issues: [SettingIssue] {
        let limited = (clients ?? []).filter { $0.budget != nil && !$0.tokens.isEmpty }
        return limited.flatMap { client in
            unpriced.filter { client.mayUse(model: $0) }.map { model in
                SettingIssue(
                    origin: .file(file, line: nil), key: model,
                    message: "the client \(client.name) has a budget and may use this model, which has no "
                        + "price for every job",
                    remedy: "add prices to the model, or restrict the client: reelgate clients set "
                        + "\(client.name) --model ID")
            }
        }
    }

    /// Of models that accept jobs.
    private var unpriced: [String] { catalog.acceptedModels.filter { !$0.pricesEveryJob }.map(\.id) }

    /// Returns the clients in the store of the settings; `nil` if there is none that this user may read.
    static func clients(in settings: Settings) -> [Client]? {
        // Another user's files beside the store would keep the gateway from opening it.
        let path = settings.store.sqlite
        do throws(SystemError) {
            guard try OpenFile(path).owner == geteuid() else { return nil }
        } catch { return nil }
        return SQLiteTaskStore.clients(inStoreAt: path)
    }
}
