// A short visit in Firefox, which Playwright cannot drive as Debian has it: WebDriver BiDi can.
//
// `node firefox.mjs FIREFOX PACKAGES ADDRESS`. PACKAGES: the folder of puppeteer-core. ADDRESS: of the
// page of lstm-gates. Prints what the checks of the page show, as a JSON list.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [executablePath, packages, address] = process.argv.slice(2);
const resolved = createRequire(`${packages}/`).resolve("puppeteer-core");
const { default: puppeteer } = await import(pathToFileURL(resolved).href);
const PATIENCE = { timeout: 120_000 };
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
try {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(address);
  const shown = [];
  const check = async (outcome) => {
    await page.locator('[data-id="sigmoid-check"] .tab-main').setTimeout(PATIENCE.timeout).click();
    await page.waitForSelector(`[data-id="sigmoid-check"][data-outcome="${outcome}"]`, PATIENCE);
    shown.push(await page.$eval('[data-id="sigmoid-check"] .tab-message', (node) => node.textContent));
  };
  const write = async (source) => {
    await page.click('[data-id="sigmoid"] .cm-content');
    await page.keyboard.down("Control");
    await page.keyboard.press("a");
    await page.keyboard.up("Control");
    await page.keyboard.type(source);
  };
  await check("differs");
  await write("def sigmoid(x):\nreturn 1 / (1 + np.exp(-x))"); // the editor indents
  await check("differs");
  await write("def sigmoid(x):\nreturn 0.5 * (1 + np.tanh(x / 2))");
  await check("agrees");
  await page.reload();
  await page.waitForSelector('[data-id="sigmoid-check"][data-outcome="agrees"]', PATIENCE);
  shown.push(await page.$eval(".tab-points", (node) => node.textContent));
  console.log(JSON.stringify({ shown, errors }));
} finally {
  await browser.close();
}
