/** Builds the dashboard into static files that the Worker serves beside its API. */
import { defineConfig } from "vite";

export default defineConfig({
  root: "src/dashboard",
  // JSX is compiled by Vite itself, as src/dashboard/tsconfig.json says.
  build: {
    outDir: "../../dist/dashboard",
    emptyOutDir: true,
    target: "es2023",
    // Inlined files would be data: addresses, which the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
