import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Violation = { id: string; impact: string | null; nodes: { html: string; failureSummary?: string }[] };

/** What is wrong with the page as it is: serious violations of axe-core's rules, and a page that is wider than its window. */
export async function pageFaults(page: Page, name: string): Promise<string[]> {
  await page.evaluate(axe);
  const violations = (await page.evaluate(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }).then((result) => result.violations)",
  )) as Violation[];
  const serious = violations.filter(({ impact }) => impact !== 'minor');
  const wide = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
  return [
    ...serious.map(({ id, nodes }) => {
      const places = nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`);
      return `${name}: ${id}: ${places.join(' | ')}`;
    }),
    ...(wide > 0 ? [`${name}: ${wide} pixels too wide`] : []),
  ];
}
