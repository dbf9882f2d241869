extension Pending {
    /// Identifiers that are still to be renamed.
    static let identifiers: Set<String> = [
        "Doubt",
        "GatewayWorld",
        "Place",
        "believed",
        "courses",
        "dice",
        "goOn",
        "heard",
        "inHand",
        "mend",
        "moveOn",
        "ours",
        "owed",
        "pump",
        "putDown",
        "takeUp",
        "tell",
        "theirs",
        "told",
        "trouble",
    ]
}
