declare namespace Cloudflare {
  interface Env {
    /** Of `npm run soak`; empty for the short run. */
    FAULTS_MESSAGES: string;
    FAULTS_SEED: string;
    TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
}
