import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { IS_THOROUGH } from '@smart-ai-hub/shared/testing';
import type { AxeResults, RunOptions } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { en } from '../../packages/frontend/src/i18n/en/index.ts';
import type { Language } from '../../packages/frontend/src/i18n/language.ts';
import { th } from '../../packages/frontend/src/i18n/th/index.ts';
import type { Words } from '../../packages/frontend/src/i18n/words.ts';
import './provided.ts';

export const hubUrl = () => inject('hubUrl');

export interface Look {
  language: Language;
  theme: 'light' | 'dark';
  width: number;
}

const [WIDE, NARROW] = [1280, 390];

export const PLAIN: Look = { language: 'en', theme: 'light', width: WIDE };
const OTHER: Look = { language: 'th', theme: 'dark', width: NARROW };

/** How the main flows are walked. Tests without a look of their own are in the plain one: every run sees both. */
export const LOOKS: Look[] = IS_THOROUGH ? [PLAIN, OTHER] : [OTHER];

const opposite = ({ language, theme, width }: Look): Look => ({
  language,
  theme: theme === 'light' ? 'dark' : 'light',
  width: width === WIDE ? NARROW : WIDE,
});

const viewport = ({ width }: Look) => ({ width, height: width === NARROW ? 844 : 800 });

/** The headless build first: the same engine without a window's work, a third less time in these tests. */
const CHROMIUM = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome'];

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function launch(): Promise<Browser> {
  const executablePath = CHROMIUM.find((path) => existsSync(path));
  if (!executablePath) throw new Error(`no Chromium found in ${CHROMIUM.join(', ')}`);
  return chromium.launch({ executablePath, args: ARGS });
}

/** A person with a browser: a page, the words on it, and what the page complained about. */
export interface Visit {
  page: Page;
  context: BrowserContext;
  words: Words;
  look: Look;
  complaints: string[];
}

/** A hub by a name, as passkeys need it. */
export const named = (url: string) => url.replace('127.0.0.1', 'localhost');

/** A browser for the tests of one file; answers how somebody comes, each with a profile of their own. */
export function visitors(): (look?: Look, baseURL?: string) => Promise<Visit> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  return (look = PLAIN, baseURL = hubUrl()) => visit(browser, look, baseURL);
}

async function visit(browser: Browser, look: Look, baseURL: string): Promise<Visit> {
  const context = await browser.newContext({
    baseURL,
    locale: look.language === 'th' ? 'th-TH' : 'en-US',
    colorScheme: look.theme,
    viewport: viewport(look),
    permissions: ['clipboard-read', 'clipboard-write'],
    reducedMotion: 'reduce',
  });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`content security policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const refusedRequest = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !refusedRequest) complaints.push(message.text());
  });
  page.setDefaultTimeout(15_000);
  return { page, context, words: look.language === 'th' ? th : en, look, complaints };
}

/**
 * Has a page remember for each of its headings whether there was this beside it in the frame in which the heading
 * came; answers how to ask. What comes later moves what somebody is about to press.
 */
export async function watchBeside(
  page: Page,
  selector: string,
): Promise<() => Promise<Map<string, boolean>>> {
  await page.addInitScript((wanted) => {
    const seen: [string, boolean][] = [];
    Object.assign(globalThis, { besideHeadings: seen });
    new MutationObserver(() => {
      const heading = document.querySelector('h1')?.textContent;
      if (heading === undefined || heading === seen.at(-1)?.[0]) return;
      seen.push([heading, document.querySelector(wanted) !== null]);
    }).observe(document, { childList: true, subtree: true, characterData: true });
  }, selector);
  return async () => new Map(await page.evaluate<[string, boolean][]>('besideHeadings'));
}

/** What depends on colours and sizes: asked again in the opposite look, where the rest is as it was. */
const SHAPES: RunOptions = {
  runOnly: ['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable'],
};

/** The small build: every page that is looked at reads it anew. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Which rules of axe are broken, and by what. */
async function violationsOn(page: Page, options: RunOptions): Promise<string[]> {
  // by the debugger, not as a script: the page's content security policy stays as it is
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const how = JSON.stringify({ ...options, resultTypes: ['violations'] } satisfies RunOptions);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${how})`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

/** Waits until the page is painted in the look that it was just given: colours change over a frame or two. */
const painted = (page: Page) =>
  page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    do await frame();
    while (document.getAnimations().some((animation) => animation instanceof CSSTransition));
  });

async function expectAccessibleAs({ page }: Visit, look: Look, where: string, rules: RunOptions = {}) {
  await page.emulateMedia({ colorScheme: look.theme });
  await page.setViewportSize(viewport(look));
  await painted(page);
  const shown = `${where}, ${look.theme}, ${look.width} wide`;
  expect(await violationsOn(page, rules), `axe on ${shown}`).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `pixels beyond the screen on ${shown}`).toBe(0);
}

/**
 * Waits until the page has its heading, and nothing on it is still on its way from the hub. What arrives late moves
 * what stands below it: a press that began before would end beside its button.
 */
export async function arrived({ page, words }: Pick<Visit, 'page' | 'words'>): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.getByText(words.shell.states.loading, { exact: true }).first().waitFor({ state: 'detached' });
}

/** No rule of axe is broken on what is shown now, and nothing is wider than the screen; thoroughly, in both shapes. */
export async function expectAccessible(person: Visit, where: string): Promise<void> {
  await arrived(person);
  if (IS_THOROUGH) await expectAccessibleAs(person, opposite(person.look), where, SHAPES);
  await expectAccessibleAs(person, person.look, where);
}

/** Fills in the slots of words, as i18next does. */
export function fill(words: string, values: Record<string, string>): string {
  return words.replace(/{{(\w+)}}/g, (_, name: string) => values[name] ?? '');
}
