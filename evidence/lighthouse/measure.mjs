// Runs Lighthouse for a telephone: `node measure.mjs CHROMIUM TIMES ADDRESS...`; on stdout, for each
// address, the scores of each run and the audits that were not passed, as JSON.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url); // which looks in NODE_PATH
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { launch } = await load("chrome-launcher");
const { default: lighthouse } = await load("lighthouse");

const [chromePath, times, ...addresses] = process.argv.slice(2);
const chrome = await launch({
  chromePath,
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic"],
});
const measured = {};
for (const address of addresses) {
  measured[address] = [];
  for (let time = 0; time < Number(times); time += 1) {
    const { lhr } = await lighthouse(address, {
      port: chrome.port,
      output: "json",
      logLevel: "error",
      onlyCategories: ["performance", "accessibility"],
    });
    if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
    const { performance, accessibility } = lhr.categories;
    const counted = accessibility.auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => lhr.audits[id]);
    measured[address].push({
      performance: performance.score,
      accessibility: accessibility.score,
      failed: counted.filter(({ score }) => score !== null && score < 1).map(({ id }) => id),
      paint: lhr.audits["largest-contentful-paint"].numericValue,
      blocked: lhr.audits["total-blocking-time"].numericValue,
      shift: lhr.audits["cumulative-layout-shift"].numericValue,
    });
  }
}
await chrome.kill();
process.stdout.write(JSON.stringify(measured));
