import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { cleanHtml } from '../../agent/message-html.ts';
import { loadCanvas } from '../../platform/drivers/simulator/screen/canvas.ts';
import { layOutMessage } from '../../platform/drivers/simulator/screen/message-layout.ts';
import { createMeasure } from '../../platform/drivers/simulator/screen/paragraph.ts';
import { type ConsolePage, expectNoProblems, openConsole } from '../support/console-page.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-site.ts';
import { undoList } from '../support/undo.ts';

/** The form that asks boxes for something: what it says before anything is sent. */

const undo = undoList();
let site: ConsoleSite;
let view: ConsolePage;
let provoked: RegExp | undefined;

beforeAll(async () => {
  site = await startConsoleSite({ running: 1, known: 4, after: undo.after });
}, 120_000);
afterAll(undo.all);

beforeEach(async () => {
  provoked = undefined;
  view = await openConsole(site.browser, site.headend.url);
  await view.signIn(site.token('admin'));
});
afterEach(async () => {
  expectNoProblems(view, provoked);
  await view.context.close();
});

test('a message is previewed in the lines and the type sizes in which the box draws it', async () => {
  const brush = (await loadCanvas())?.createCanvas(1, 1).getContext('2d');
  if (brush === undefined) throw new Error('the drawing library is not installed');
  const line = 'The pool closes at ten today, and opens again at eight in the morning.<br>';
  const messages = [
    'Lunch is ready.',
    "<h1>Hi</h1>it's<ul><li>one</li><li>two</li></ul>",
    `<b></b>${'<i></i>'.repeat(40)}Short, however long its markup is.`,
    'x<noscript>shown</noscript><textarea>dropped</textarea> <i>a<b>b</i>c</b>',
    line.repeat(4),
    line.repeat(40),
  ];
  await view.go('act?target=all&type=MESSAGE');
  for (const message of messages) {
    const { text } = layOutMessage(await cleanHtml(message), createMeasure(brush));
    const drawn = text.runs.map((run) => `${run.text} ${run.look.size} ${run.look.bold ? 700 : 400} ${run.y}`);
    await view.page.getByLabel('Text').fill(message);
    await expect.poll(previewed).toEqual(drawn);
  }
});

/** The runs of the preview: text, size, weight and baseline. */
function previewed(): Promise<string[]> {
  return view.main
    .locator('.tv-text text')
    .evaluateAll((runs: { textContent: string; getAttribute(name: string): string }[]) =>
      runs.map((run) =>
        [run.textContent, ...['font-size', 'font-weight', 'y'].map((of) => run.getAttribute(of))].join(' '),
      ),
    );
}
