import { expect, test } from 'vitest';
import { outcomeOf as fromChromium } from '../../../platform/drivers/linux/chromium.ts';
import type { RunOutcome, UiPage } from '../../../platform/drivers/linux/page.ts';
import { createUi } from '../../../platform/drivers/linux/ui.ts';
import { outcomeOf as fromWebKit, parseTarget } from '../../../platform/drivers/linux/webkit.ts';

const calm = new AbortController().signal;

/** A page that answers what is asked of its message library with the next of `answers`, by what is asked. */
function pageThat(answers: { show?: RunOutcome[]; ended?: (RunOutcome | 'never')[] }) {
  const asked: string[] = [];
  const page: UiPage = {
    name: 'the page',
    run(js, signal) {
      const what = /\)\(\)\.(\w+)\(/.exec(js)?.[1] ?? js;
      asked.push(what);
      const answer = what === 'show' ? answers.show?.shift() : what === 'ended' ? answers.ended?.shift() : undefined;
      if (answer !== 'never') return Promise.resolve(answer ?? { value: true });
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
    reload: async () => void asked.push('reload'),
    navigate: async (url) => void asked.push(`navigate ${url}`),
    runInEveryDocument: async (name, js) => void asked.push(`${js === null ? 'no ' : ''}${name}`),
    onLost: () => {},
    closed: calm,
    close: () => {},
  };
  const woken: string[] = [];
  return { asked, woken, ui: createUi(page, async () => void woken.push('woken')) };
}
const message = (durationMs = 60_000) => {
  let shown = 0;
  return { html: 'x', durationMs, shown: () => (shown += 1), times: () => shown };
};

test('a message is shown once the page has painted it, and ends as the page says; the box is woken for it', async () => {
  const { ui, asked, woken } = pageThat({ ended: [{ value: 'dismissed' }] });
  const one = message();
  expect(await ui.message(one, calm)).toBe('dismissed');
  expect([asked, woken, one.times()]).toEqual([['show', 'ended'], ['woken'], 1]);
});

test('a document that is left shows it again in the next one, without saying so twice', async () => {
  const gone = { gone: 'navigated' };
  const { ui, asked } = pageThat({ ended: [gone, { value: 'unknown' }, { value: 'timeout' }] });
  const one = message();
  expect(await ui.message(one, calm)).toBe('timeout');
  expect([asked, one.times()]).toEqual([['show', 'ended', 'show', 'ended', 'show', 'ended'], 1]);
});

test('a message whose painting was not heard of is told as shown once it has ended, as only what was shown can', async () => {
  const { ui } = pageThat({ show: [{ gone: 'the answer' }], ended: [{ value: 'timeout' }] });
  const one = message();
  expect([await ui.message(one, calm), one.times()]).toEqual(['timeout', 1]);
});

test('a page that forgets to end a message is not waited for', async () => {
  const { ui } = pageThat({ ended: ['never'] });
  expect(await ui.message(message(10), calm)).toBe('timeout');
});

test('a message that is aborted is taken away', async () => {
  const { ui, asked } = pageThat({ ended: ['never'] });
  await expect(ui.message(message(), AbortSignal.timeout(20))).rejects.toThrow(/timeout/);
  expect(asked).toEqual(['show', 'ended', 'remove']);
});

test('a page that cannot show it is SCRIPT_ERROR', async () => {
  const { ui } = pageThat({ show: [{ thrown: 'TypeError: no document' }] });
  await expect(ui.message(message(), calm)).rejects.toMatchObject({ code: 'SCRIPT_ERROR' });
});

test('a visit to a web page is left for where the user interface was, also by a reload of that', async () => {
  const { ui, asked } = pageThat({});
  await ui.open?.('http://page/', calm);
  await ui.reload(calm);
  await ui.reload(calm);
  expect(asked).toEqual([
    ...['location.href', 'visit', 'navigate http://page/'],
    ...['no visit', 'navigate true', 'reload'],
  ]);
});

test("what a script came to is read from Chromium's answer and from WebKit's", () => {
  expect(fromChromium({ result: { type: 'number', value: 42 } })).toEqual({ value: 42 });
  expect(fromChromium({ result: { type: 'undefined' } })).toEqual({ value: null });
  expect(fromChromium({ result: { type: 'bigint', unserializableValue: '10n' } })).toEqual({ value: '10n' });
  const exception = { description: 'Error: boo\n    at <anonymous>:1:7' };
  expect(fromChromium({ exceptionDetails: { text: 'Uncaught', exception } })).toEqual({
    thrown: exception.description,
  });
  expect(fromChromium({ exceptionDetails: { text: 'Uncaught (in promise)', exception: { value: 5 } } })).toEqual({
    thrown: '5',
  });
  expect(fromWebKit({ wasThrown: false, result: { type: 'string', value: 'later' } })).toEqual({ value: 'later' });
  expect(fromWebKit({ wasThrown: true, result: { description: 'Error: boo' } })).toEqual({ thrown: 'Error: boo' });
});

test("the page is found in the list that WebKit's inspector shows people", () => {
  const html = `<input type="button" onclick="window.open('Main.html?ws=' + window.location.host + '/socket/1/1/WebPage', '_blank')">`;
  expect(parseTarget(html)).toBe('/socket/1/1/WebPage');
  expect(parseTarget('<p>No targets</p>')).toBeUndefined();
});
