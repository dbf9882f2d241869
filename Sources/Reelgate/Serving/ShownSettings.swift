import VideoJobs

// The settings that the dashboard shows to operators, as the configuration spells them. None is a secret.
extension Settings {
    /// Keys and values, in the order of the configuration file.
    var shown: [(key: String, value: String)] {
        [
            ("listen", listen.map { "\($0.scheme)://\($0.address)" }.joined(separator: ", ")),
            ("public_url", publicURL ?? "the listening address"),
            ("provider.base_url", provider.baseURL),
            ("provider.max_in_flight", "\(provider.maxInFlight)"),
            ("provider.submit_timeout", DurationText.text(provider.submitTimeout)),
            ("provider.poll.interval", DurationText.text(provider.poll.interval)),
            ("provider.poll.deadline", DurationText.text(provider.poll.deadline)),
            ("submit_wait", DurationText.text(submitWait)),
            ("store.sqlite", store.sqlite),
            ("archive.directory", archive.directory),
            ("archive.keep", DurationText.text(archive.keep)),
            ("archive.max_bytes", SizeText.text(archive.maxBytes)),
            ("archive.verify", "\(archive.verify)"),
            ("access.clients", access.clients.rawValue),
            ("spend.job_usd", spend.job.map { Dollars.text($0) } ?? "none"),
            ("spend.day_usd", spend.day.map { Dollars.text($0) } ?? "none"),
            ("limits.connections", "\(limits.connections)"),
            ("limits.streams", "\(limits.streams)"),
            ("log.level", log.level.rawValue),
        ]
    }
}
