/// The certificates of a test provider.
enum ProviderCertificate: String, CaseIterable, Sendable {
    case good, untrusted, ofAnotherHost, expired
}
