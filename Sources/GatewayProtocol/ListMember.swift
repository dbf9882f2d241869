/// A member name of a page of tasks or models.
package enum ListMember: String, CaseIterable, Sendable {
    case object, data, next
    case hasMore = "has_more"
}
