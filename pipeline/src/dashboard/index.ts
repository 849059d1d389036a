// The dashboard's door to the rest of the pipeline.
export { AggregationsContainer } from './aggregations-container.ts';
export { DashboardFeed, type DashboardFeedOptions, type FeedPage } from './dashboard-feed.ts';
export { PortInUseError } from './port-in-use.ts';
export { type CosmosAccess, type DashboardOptions, type DashboardServer, startDashboard } from './start-dashboard.ts';
