import TLS
import Transport

extension Settings {
    /// Returns these settings with everything of others that a running gateway can take over.
    ///
    /// A listener takes over the certificates of the one with its address. What else differs needs a restart.
    func replacing(from new: Settings, key source: APIKeySource) -> Settings {
        var settings = self
        for index in listen.indices {
            guard listen[index].tls != nil, let match = new.listener(replacing: listen[index], at: index),
                match.tls != nil
            else { continue }
            settings.listen[index].tls = match.tls
        }
        settings.allowedHosts = new.allowedHosts
        settings.submitWait = new.submitWait
        if case .file = source, let path = new.provider.apiKeyFile { settings.provider.apiKeyFile = path }
        settings.access.clients = new.access.clients
        settings.access.cors = new.access.cors
        settings.spend = new.spend
        settings.webhooks = new.webhooks
        settings.notify = new.notify
        settings.limits = new.limits
        settings.log.level = new.log.level
        return settings
    }

    /// Returns the listener with the address of another one; the one at the same index if several have it.
    private func listener(replacing other: Listener, at index: Int) -> Listener? {
        if listen.indices.contains(index), listen[index].address == other.address { return listen[index] }
        return listen.first { $0.address == other.address }
    }
}
