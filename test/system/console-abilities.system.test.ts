import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsolePage, expectNoProblems, openConsole } from '../support/console-page.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-site.ts';
import { openSocketBox } from '../support/headend.ts';
import { undoList } from '../support/undo.ts';

/** Boxes that cannot do everything: one that lacks parts of its hardware, and one with an agent of another kind. */

const undo = undoList();
let site: ConsoleSite;
let view: ConsolePage;

beforeAll(async () => {
  const lacks = ['audio', 'display', 'keys', 'firmware', 'power'] as const;
  const config = { 'platform.simulator.lacks': lacks };
  site = await startConsoleSite({ running: 1, known: 4, config, after: undo.after });
  view = await openConsole(site.browser, site.headend.url);
  await view.signIn(site.token('admin'));
}, 120_000);
afterAll(undo.all);

test('a box that lacks something says in words what, and where it would be used', async () => {
  const { main } = view;
  await view.go(`boxes/${site.boxes[0]?.id}`);
  const reason = (name: string) => main.locator('.abilities li', { hasText: name }).locator('small').textContent();
  expect(await reason('Firmware')).toBe('The box has no firmware upgrade and no power control.');
  expect(await reason('Screenshot')).toBe('The box has no screen capture.');
  expect(await main.locator('.screen-empty').textContent()).toBe('The box has no screen capture.');
  expect(await main.locator('.remote-note').textContent()).toBe('The box has no remote-control input.');
  expect(await main.locator('.volume output').textContent()).toBe('–');
  const reboot = main.getByRole('button', { name: 'Reboot' });
  expect([await reboot.isDisabled(), await reboot.getAttribute('title')]).toEqual([
    true,
    'The box has no power control.',
  ]);
  expectNoProblems(view);
});

test('an agent that knows few types, and others that the console does not know, is shown as it says', async () => {
  const { main } = view;
  const box = site.headend.demo.boxes[2]!;
  const other = await openSocketBox(site.headend, box);
  undo.after(other.close);
  await other.say({
    ...{ v: 1, kind: 'hello', box: box.id, mac: box.mac, agent: 'other 0.1', bootId: 'x' },
    ...{ types: ['MESSAGE', 'VOLUME', 'TELEPORT'], capabilities: ['ui', 'audio', 'holodeck'] },
  });
  await site.headend.api.online(box.id);
  await view.go(`boxes/${box.id}`);
  const line = (name: string) => main.locator('.abilities li', { hasText: name });
  await line('TELEPORT').waitFor();
  expect(await line('TELEPORT').textContent()).toContain('This console does not know it.');
  expect(await line('Reload interface').textContent()).toContain('Its agent does not know it.');
  expect(await line('Message').getAttribute('data-able')).toBe('true');
  expectNoProblems(view);
});

test('a box that was never heard says once that nothing is known of it', async () => {
  const { main } = view;
  await view.go(`boxes/${site.headend.demo.boxes[3]?.id}`);
  const card = main.getByRole('region', { name: 'What it can do' });
  await card.waitFor();
  expect(await card.getByText('The box has not said yet what it can.').count()).toBe(1);
  expectNoProblems(view);
});
