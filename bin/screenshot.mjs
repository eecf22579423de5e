import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { chromium } from 'playwright-core';

/** Signs up a throwaway account at a running hub, asks a question, and saves a picture of the chat. */
const [url, out] = process.argv.slice(2);
if (!url || !out) {
  console.error('usage: node bin/screenshot.mjs URL OUT.png');
  process.exit(64);
}

const CHROMIUM = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome'];
const QUESTIONS = [
  'One address, one key and one balance for every model. What did this answer cost?',
  'And where can I see that later?',
];

async function answered(page) {
  await page.goto('/sign-up');
  await page.getByLabel('E-mail').fill(`ada-${randomUUID().slice(0, 6)}@example.com`);
  await page.getByLabel('Password', { exact: true }).fill(randomUUID());
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Chat' }).click();
  for (const [index, question] of QUESTIONS.entries()) {
    await page.getByLabel('Message', { exact: true }).fill(question);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('[data-charge=charged]').nth(index).waitFor();
  }
}

const executablePath = CHROMIUM.find((path) => existsSync(path));
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  const viewport = { width: 1280, height: 800 };
  const page = await browser.newPage({ baseURL: url, viewport, locale: 'en-US', reducedMotion: 'reduce' });
  await answered(page);
  mkdirSync(dirname(out), { recursive: true });
  await page.screenshot({ path: out });
  console.log(`saved ${out}`);
} finally {
  await browser.close();
}
