import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageFaults } from '../support/axe.ts';
import { type ConsolePage, expectNoProblems, openConsole } from '../support/console-page.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-site.ts';
import { type ImageServer, startImageServer } from '../support/image-server.ts';
import { keyboardOf } from '../support/keyboard.ts';
import { openRolloutsApi } from '../support/rollouts-api.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

/** Firmware rollouts in the browser, over three boxes whose agents really install the images. */

const undo = undoList();
let site: ConsoleSite;
let images: ImageServer;
beforeAll(async () => {
  images = await startImageServer(undo.after);
  site = await startConsoleSite({ running: 3, after: undo.after, config: images.agentConfig });
  const rollouts = openRolloutsApi(() => site.headend.url, site.token('admin'));
  const firmware = images.publish({ version: '6.6.5', behaviour: 'crash' });
  const { body } = await rollouts.begin({ name: 'By the API', all: true, firmware, waves: [10, 100], gate: 95 });
  await rollouts.until(body.id, 'a rollout that stopped', ({ state }) => state === 'stopped', 120_000);
}, 240_000);
afterAll(undo.all);

const slow = { timeout: 120_000 };

async function signedIn(role: Parameters<ConsoleSite['token']>[0] = 'admin'): Promise<ConsolePage> {
  const view = await openConsole(site.browser, site.headend.url);
  await view.signIn(site.token(role));
  return view;
}

/** The versions that the boxes run. */
async function versions(): Promise<string[]> {
  const states = await Promise.all(site.boxes.map(({ agent }) => agent.tv.state()));
  return states.map(({ slots }) => slots.find(({ booted }) => booted)?.version ?? '');
}

/** Begins a rollout over all boxes in the form, in two waves: one box, then the other two. */
async function begin(view: ConsolePage, image: string, name: string, soak = '0'): Promise<void> {
  const { main } = view;
  await view.go('rollouts');
  await main.getByRole('link', { name: 'New rollout' }).click();
  await main.getByLabel('Address of the image').fill(image);
  await main.getByLabel('Name').fill(name);
  await main.getByLabel('Waves, in percent').fill('30, 100');
  await main.getByLabel('Soak, in minutes').fill(soak);
  const plan = main.getByRole('list', { name: 'What each wave does' }).getByRole('listitem');
  await plan.nth(1).getByText('2 boxes, up to 100%').waitFor();
  expect(await plan.allTextContents()).toEqual([
    expect.stringMatching(/Wave 1.*1 box, up to 30%.*1 of 1 must be healthy/),
    expect.stringMatching(/Wave 2.*2 boxes, up to 100%.*2 of 2 must be healthy/),
  ]);
  await main.getByRole('button', { name: 'Begin the rollout' }).click();
  await view.confirm('Firmware', 3);
  await main.getByRole('heading', { name, level: 1 }).waitFor();
}

const state = ({ main }: ConsolePage, word: string) => main.locator('.head .pill', { hasText: word });

test('where there is no rollout the page says what one is', async () => {
  const view = await signedIn('privateOwner');
  await view.go('rollouts');
  await view.main.getByText('No rollout yet').waitFor();
  expectNoProblems(view);
  await view.context.close();
});

test('what is wrong in the form is said beside it, and cannot be begun', async () => {
  const view = await signedIn();
  const { main } = view;
  await view.go('rollouts/new?target=all');
  await main.getByLabel('Address of the image').fill('ftp://images.example/1.bundle');
  await main.getByText('Expected an address with http or https.').waitFor();
  await main.getByLabel('Waves, in percent').fill('10, 5');
  await main.getByText('Expected growing numbers that end with 100').waitFor();
  await main.getByLabel('Gate, in percent').fill('101');
  await main.getByText('Expected a number above 0, up to 100.').waitFor();
  expect(await main.getByRole('button', { name: 'Begin the rollout' }).isDisabled()).toBe(true);
  expectNoProblems(view);
  await view.context.close();
});

test('a bad image stops it by itself: the page says why as it happens, and the boxes run the old image', async () => {
  const view = await signedIn();
  const before = await versions();
  await begin(view, images.publish({ version: '6.6.6', behaviour: 'crash' }), 'A bad one');
  await state(view, 'Stopped').waitFor(slow);
  await view.main
    .getByText(/^Wave 1: 1 of 1 box failed: FELL_BACK \(1\), .*The gate asks for 95% healthy\.$/)
    .waitFor();
  await view.main.getByRole('row', { name: /Failed.*FELL_BACK/ }).waitFor();
  await until(async () => (await versions()).join() === before.join(), 'the old image on every box', 60_000);
  await view.main.getByLabel('State').selectOption('Not asked');
  await expect.poll(() => view.main.locator('.members tbody tr').count(), slow).toBe(2);
  expectNoProblems(view);
  await view.context.close();
});

test('a good image goes through, paused and resumed on the way, and is rolled back', async () => {
  const view = await signedIn();
  const { page, main } = view;
  const installs = () => site.boxes.reduce((sum, { agent }) => sum + agent.events('install').length, 0);
  const before = installs();
  const image = images.publish({ version: '2.0.0', held: true });
  await begin(view, image, 'A good one', '0.05');
  await main.getByRole('button', { name: 'Pause' }).click();
  await state(view, 'Paused').waitFor(slow);
  await main.getByText('Paused by Administrator.').waitFor();
  await main.locator('.rollout-facts', { hasText: /Soak\s*3 s/ }).waitFor();
  const address = page.url();
  await view.go('rollouts/new?target=all');
  await main.getByText('3 boxes in a rollout under way, to be stopped first: A good one').waitFor();
  await main.getByLabel('Address of the image').fill(image);
  expect(await main.getByRole('button', { name: 'Begin the rollout' }).isDisabled()).toBe(true);
  await page.goto(address);
  images.release(image);
  await main.getByRole('button', { name: 'Resume' }).click();
  await view.confirm('Resume', 3);
  await state(view, 'Done').waitFor(slow);
  expect(new Set(await versions())).toEqual(new Set(['2.0.0']));
  await view.go('audit?q=A%20good');
  await main.getByRole('row', { name: /Headend by itself.*Began the next wave.*A good one.*wave 2.*Done/ }).waitFor();
  await main.getByRole('row', { name: /Headend by itself.*Finished a rollout.*A good one.*Done/ }).waitFor();
  await page.goto(address);
  await main.getByRole('button', { name: 'Roll back' }).click();
  const back = images.publish({ version: '1.0.0' });
  await page.getByRole('dialog').getByLabel('Address of the image to go back to').fill(back);
  await view.confirm('Roll back', 3);
  await state(view, 'Rolled back').waitFor(slow);
  await main.getByText('3 back', { exact: true }).waitFor();
  expect(new Set(await versions())).toEqual(new Set(['1.0.0']));
  expect(installs() - before).toBe(3 + 3);
  await view.go('rollouts');
  await main.getByRole('link', { name: /A good one.*Rolled back.*wave 2 of 2.*3 back/ }).waitFor();
  expectNoProblems(view);
  await view.context.close();
});

test('the whole way by keyboard alone: begun, resumed and rolled back, each by typing its number', async () => {
  const view = await signedIn();
  const { page, main } = view;
  const { press, type, focused, tabTo } = keyboardOf(page);
  const missing = images.publish({ version: '3.0.0' }).replace('3.0.0', 'none');
  await press('g', 'r');
  await main.getByRole('heading', { name: 'Firmware rollout' }).waitFor();
  await tabTo('New rollout');
  await press('Enter');
  await main.getByRole('heading', { name: 'New rollout' }).waitFor();
  await expect.poll(focused).toMatch(/^Address of the image/);
  await type(missing);
  await tabTo('Name');
  await type('By keys');
  await tabTo('Patience');
  await main.locator('.wave-plan').waitFor();
  await tabTo('Begin the rollout');
  await press('Enter');
  await page.getByRole('dialog').waitFor();
  await type('3');
  await press('Enter');
  await main.getByRole('heading', { name: 'By keys' }).waitFor();
  await state(view, 'Stopped').waitFor(slow);
  await tabTo('Resume');
  await press('Enter');
  await page.getByRole('dialog').waitFor();
  await type('3');
  await press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  // The second of its waves is empty: three boxes make one box of 1% and of 10%.
  await main.getByText(/^Wave 3: \d of 2 boxes failed: /).waitFor(slow);
  await tabTo('Roll back');
  await press('Enter');
  await page.getByRole('dialog').waitFor();
  await type(missing.replace('none', 'before'));
  await press('Tab');
  await type('3');
  await press('Enter');
  await state(view, 'Rolled back').waitFor(slow);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await press('g', 'r');
  await main.locator('.rollout-line').first().waitFor();
  await tabTo('By keys');
  await press('Enter');
  await main.getByRole('heading', { name: 'By keys' }).waitFor();
  expectNoProblems(view);
  await view.context.close();
});

test('a VIEWER watches, and is offered nothing that begins or steers', async () => {
  const view = await signedIn('viewer');
  await view.go('rollouts');
  await view.main.locator('.rollout-line').first().click();
  await view.main.locator('.waves').waitFor();
  expect(await view.main.getByRole('button').count()).toBe(0);
  await view.page.goto(`${site.headend.url}/#/rollouts/new`);
  await view.main.getByText('Not for your role').waitFor();
  expectNoProblems(view);
  await view.context.close();
});

test('when the headend does not answer the page says so, and tries again when asked', async () => {
  const view = await signedIn();
  await view.page.route('**/stb/v1/rollouts*', (route) => route.abort());
  await view.go('groups');
  await view.page.goto(`${site.headend.url}/#/rollouts`);
  await view.main.getByRole('alert').waitFor();
  await view.page.unroute('**/stb/v1/rollouts*');
  await view.main.getByRole('button', { name: 'Try again' }).click();
  await view.main.locator('.rollout-line').first().waitFor();
  expectNoProblems(view, /ERR_FAILED/);
  await view.context.close();
});

describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
  test.each([3840, 1440, 360])(
    'at %i pixels no rollout screen breaks a serious rule or is wider than the window',
    async (width) => {
      const view = await openConsole(site.browser, site.headend.url, { scheme, width });
      const { page, main } = view;
      await view.signIn(site.token('admin'));
      const found: string[] = [];
      const look = async (name: string) => void found.push(...(await pageFaults(page, name)));
      await view.go('rollouts');
      const lines = main.locator('.rollout-line');
      await lines.first().waitFor();
      await look('rollouts');
      const addresses = await lines.evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
      for (const address of addresses) {
        await page.goto(`${site.headend.url}/${address}`);
        await main.locator('.members').waitFor();
        await look(address);
      }
      await main
        .getByRole('button', { name: /Resume|Roll back/ })
        .last()
        .click();
      await page.getByRole('dialog').waitFor();
      await look('an order');
      await page.keyboard.press('Escape');
      await view.go('rollouts/new?target=all');
      await main.locator('.wave-plan').waitFor();
      await main.getByLabel('Gate, in percent').fill('0');
      await look('a form with something wrong');
      expect(found).toEqual([]);
      expectNoProblems(view);
      await view.context.close();
    },
  );
});
