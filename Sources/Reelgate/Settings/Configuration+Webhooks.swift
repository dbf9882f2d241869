import WebhookClient

extension Configuration {
    /// Reads the secrets of webhooks. Throws every issue; none contains a secret.
    func readWebhooks() throws(SettingsError) -> WebhookSettings {
        var secrets: [WebhookSecret] = []
        var issues: [SettingIssue] = []
        for (index, path) in settings.webhooks.secretFiles.enumerated() {
            do throws(LocalFileError) {
                secrets.append(try WebhookSecret(file: path))
            } catch {
                let key = "webhooks.secret_files.\(index)"
                issues.append(
                    SettingIssue(
                        origin: origin(of: key), key: key,
                        message: "\(path): \(error.message)", remedy: error.remedy))
            }
        }
        guard issues.isEmpty else { throw SettingsError(issues: issues) }
        return WebhookSettings(allow: settings.webhooks.allow, secrets: secrets)
    }
}

extension WebhookSecret {
    private static let fileMax = 256

    /// Reads a file with one secret, which nobody else may read.
    fileprivate init(file path: String) throws(LocalFileError) {
        let bytes = try SecretFile(path: path, protection: .ownerOnly).read(limit: Self.fileMax)
        let line = String(decoding: bytes, as: UTF8.self)
        guard let secret = WebhookSecret(line.trimmingFinalLineBreak) else {
            throw LocalFileError(
                message: "it does not contain one webhook secret",
                remedy: "make one: echo \"whsec_$(openssl rand -base64 32)\"")
        }
        self = secret
    }
}

extension String {
    fileprivate var trimmingFinalLineBreak: String { last?.isNewline == true ? String(dropLast()) : self }
}
