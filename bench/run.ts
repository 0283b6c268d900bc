/** `npm run bench`: every figure of the design beside its bar, measured on this machine in one run. */
import { gzipSync } from "node:zlib";
import { makeSource, measureIngest } from "./ingest.ts";
import { buildBundle, startTickline } from "./service.ts";

const script = buildBundle();
console.log("bundle KiB gz", (gzipSync(script, { level: 9 }).byteLength / 1024).toFixed(1));
const tickline = await startTickline(script);
try {
  await makeSource(tickline);
  console.log(await measureIngest(tickline, 10));
} finally {
  await tickline.stop();
}
