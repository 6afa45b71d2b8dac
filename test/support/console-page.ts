import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { buildConsoleIfOutdated } from '../../headend/console/build.ts';
import { need } from './tools.ts';
import type { After } from './undo.ts';

/** Debian's Chromium. */
export async function openBrowser(after: After): Promise<Browser> {
  const executablePath = need('chromium', 'chromium');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  after(() => browser.close());
  return browser;
}

/** Builds the console where it is out of date; before the headend that serves it starts. */
export const prepareConsole = buildConsoleIfOutdated;

/** The console in a window of its own. */
export type ConsolePage = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** The content, without navigation and dialogs. */
  readonly main: Locator;
  signIn(token: string): Promise<void>;
  /** Goes to `#/…`. */
  go(hash: string): Promise<void>;
  /** Types the number of boxes that the dialog asks for; nothing can be sent before. */
  confirm(action: string, boxes: number): Promise<void>;
  /** The notice in the corner that says this. */
  notice(text: string | RegExp): Promise<void>;
  /** What went wrong in the page: errors on its console, exceptions, requests to anywhere else. */
  problems(): string[];
};

export type ConsoleOptions = {
  scheme?: 'light' | 'dark';
  width?: number;
  height?: number;
  /** The viewer's zone; this machine's by default. */
  zone?: string;
};

export async function openConsole(browser: Browser, url: string, options: ConsoleOptions = {}): Promise<ConsolePage> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.scheme ?? 'light',
    reducedMotion: 'reduce',
    ...(options.zone === undefined ? {} : { timezoneId: options.zone }),
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.stack}`));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.origin !== new URL(url).origin && asked.protocol !== 'blob:') problems.push(`request: ${asked}`);
  });
  await page.goto(url);
  const main = page.locator('main');
  return {
    page,
    context,
    main,
    async signIn(token) {
      await page.getByLabel('Your token').fill(token);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Fleet', level: 1 }).waitFor();
    },
    async go(hash) {
      await page.goto(`${url}/#/${hash}`);
      await main.locator('h1').first().waitFor();
    },
    async confirm(action, boxes) {
      const dialog = page.getByRole('dialog');
      const send = dialog.getByRole('button', { name: action, exact: true });
      expect(await send.isDisabled()).toBe(true);
      await dialog.getByLabel(/^Type the number of boxes/).fill(String(boxes));
      await send.click();
    },
    async notice(text) {
      await page.locator('.notice', { hasText: text }).first().waitFor();
    },
    problems: () => problems,
  };
}

/** Nothing went wrong in the page, apart from what the test itself provoked. */
export function expectNoProblems({ problems }: ConsolePage, provoked: RegExp = /^$/): void {
  expect(problems().filter((problem) => !provoked.test(problem))).toEqual([]);
}
