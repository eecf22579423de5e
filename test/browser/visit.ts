import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';
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

export const LOOKS: Look[] = [
  { language: 'en', theme: 'light', width: 1280 },
  { language: 'th', theme: 'dark', width: 1280 },
  { language: 'en', theme: 'dark', width: 390 },
  { language: 'th', theme: 'light', width: 390 },
];

const PLAIN: Look = { language: 'en', theme: 'light', width: 1280 };

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function openBrowser(): Promise<Browser> {
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

/** The same hub by a name, as passkeys need it. */
export const namedHubUrl = () => hubUrl().replace('127.0.0.1', 'localhost');

export async function visit(browser: Browser, look = PLAIN, baseURL = hubUrl()): Promise<Visit> {
  const context = await browser.newContext({
    baseURL,
    locale: look.language === 'th' ? 'th-TH' : 'en-US',
    colorScheme: look.theme,
    viewport: { width: look.width, height: look.width < 600 ? 844 : 800 },
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

/** Legacy mode is for pages without foreign frames: it needs no second page, and half the time. */
const axe = (page: Page) => new AxeBuilder({ page }).setLegacyMode(true);

/** No rule of axe is broken on what is shown now, and nothing is wider than the screen. */
export async function expectAccessible({ page }: Visit, where: string): Promise<void> {
  const { violations } = await axe(page).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  expect(found, `axe on ${where}`).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `pixels beyond the screen on ${where}`).toBe(0);
}

/** Fills in the slots of words, as i18next does. */
export function fill(words: string, values: Record<string, string>): string {
  return words.replace(/{{(\w+)}}/g, (_, name: string) => values[name] ?? '');
}
