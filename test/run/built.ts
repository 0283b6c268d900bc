/** What every service serves is built before the first one starts: two that build it at once would spoil each other's. */
export { buildDashboard as setup } from "../../scripts/dashboard.ts";
