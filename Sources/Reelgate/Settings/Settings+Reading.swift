import JSONText

extension Settings {
    /// Reads a whole file over the defaults. Adds issues to `findings`.
    mutating func read(_ value: JSONValue, log issues: SettingIssueLog) {
        SettingsSection.read(value, at: [], log: issues) { section in
            readListeners(&section)
            section.read("public_url", SettingKind.baseURL.orNull(), into: &publicURL)
            section.readList("allowed_hosts", .text, into: &allowedHosts)
            section.read("loops", .autoOrCount(1...256), into: &loops)
            section.section("provider") { provider.read(&$0) }
            section.read("submit_wait", .duration(.zero ... .seconds(300)), into: &submitWait)
            section.section("store") { store.read(&$0) }
            section.section("archive") { archive.read(&$0) }
            section.section("access") { access.read(&$0) }
            section.section("audit") { $0.read("prompts", .truth, into: &audit.prompts) }
            section.section("spend") { spend.read(&$0) }
            section.section("webhooks") { webhooks.read(&$0) }
            readReceivers(&section)
            section.section("limits") { limits.read(&$0) }
            section.section("log") { log.read(&$0) }
            section.section("tracing") {
                $0.read("otlp", SettingKind.baseURL.orNull(), into: &tracing.otlp)
            }
        }
    }

    private mutating func readListeners(_ section: inout SettingsSection) {
        var listeners: [Listener] = []
        let isPresent = section.sections("listen") { entry in
            var listener = Listener()
            entry.read("address", .address, into: &listener.address)
            listener.readTLS(&entry)
            listeners.append(listener)
        }
        if isPresent && listeners.isEmpty {
            section.addIssue("listen is empty", remedy: "add an address, such as 127.0.0.1:8031")
        }
        guard isPresent else { return }
        listen = listeners
        // The default belongs to the default address; `public_url`, if present, is read after this.
        publicURL = nil
    }
}

/// Longer than any sensible duration.
private let longest = Duration.seconds(3650 * 86_400)

extension Settings.Provider {
    fileprivate mutating func read(_ section: inout SettingsSection) {
        section.read("base_url", .baseURL, into: &baseURL)
        section.read("api_key_file", SettingKind.text.orNull(), into: &apiKeyFile)
        section.read("max_in_flight", .count(1...100_000), into: &maxInFlight)
        section.read("connect_timeout", .duration(.milliseconds(1) ... .seconds(600)), into: &connectTimeout)
        section.read("submit_timeout", .duration(.milliseconds(1) ... .seconds(3600)), into: &submitTimeout)
        section.section("poll") { poll.read(&$0) }
    }
}

extension Settings.Poll {
    fileprivate mutating func read(_ section: inout SettingsSection) {
        section.read("first", .duration(.milliseconds(1) ... .seconds(3600)), into: &first)
        section.read("interval", .duration(.milliseconds(1) ... .seconds(3600)), into: &interval)
        section.read("slowest", .duration(.milliseconds(1) ... .seconds(3600)), into: &slowest)
        section.read("deadline", .duration(.seconds(1)...longest), into: &deadline)
        if slowest < interval {
            section.addIssue("slowest is shorter than interval", remedy: "raise slowest or lower interval")
        }
    }
}

extension Settings.Store {
    fileprivate mutating func read(_ section: inout SettingsSection) {
        section.read("sqlite", .text, into: &sqlite)
        section.rejectUnsupported("postgres")
    }
}

extension Settings.Archive {
    fileprivate mutating func read(_ section: inout SettingsSection) {
        section.read("directory", .text, into: &directory)
        section.read("keep", .duration(.seconds(1)...longest), into: &keep)
        section.read("max_bytes", .size(1 << 20...1 << 60), into: &maxBytes)
        section.read("reserve", .size(0...1 << 50), into: &reserve)
        section.read("verify", .truth, into: &verify)
    }
}

extension Settings.Access {
    fileprivate mutating func read(_ section: inout SettingsSection) {
        section.read("clients", .choice, into: &clients)
        section.read("operator_socket", .truth, into: &operatorSocket)
        section.readList("cors", .origin, into: &cors)
    }
}

extension Settings.Spend {
    fileprivate mutating func read(_ section: inout SettingsSection) {
        section.read("job_usd", SettingKind.dollars.orNull(), into: &job)
        section.read("day_usd", SettingKind.dollars.orNull(), into: &day)
    }
}

extension Settings.Limits {
    fileprivate mutating func read(_ section: inout SettingsSection) {
        let patience = Duration.milliseconds(10) ... .seconds(3600)
        section.read("body", .size(1 << 10...16 << 20), into: &body)
        section.read("header", .size(1 << 10...1 << 20), into: &header)
        section.read("connections", .count(1...1_000_000), into: &connections)
        section.read("streams", .count(1...1_000_000), into: &streams)
        section.read("header_timeout", .duration(patience), into: &headerTimeout)
        section.read("body_timeout", .duration(patience), into: &bodyTimeout)
        section.read("idle_timeout", .duration(patience), into: &idleTimeout)
    }
}

extension Settings.Log {
    fileprivate mutating func read(_ section: inout SettingsSection) {
        section.read("format", .choice, into: &format)
        section.read("level", .choice, into: &level)
        section.read("access", .truth, into: &access)
        section.read("prompts", .truth, into: &prompts)
    }
}
