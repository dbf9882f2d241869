/// Everything that one gateway stores.
package typealias GatewayStore = AuditStore & ClientStore & DeliveryStore & SessionStore & TaskStore
    & UsageStore
