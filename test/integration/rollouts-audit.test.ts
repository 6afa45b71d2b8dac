/** What a rollout does by itself stands in the audit, beside what operators ask of it. */
import { expect, test } from 'vitest';
import { images, openRolloutSite } from '../support/rollout-site.ts';
import type { RolloutAnswer } from '../support/rollouts-api.ts';

const is = (state: string) => (rollout: RolloutAnswer) => rollout.state === state;
type Site = Awaited<ReturnType<typeof openRolloutSite>>;

/** What was done to rollouts or by them, oldest first, as whoever has the token sees it. */
async function steps({ head }: Site, token = head.demo.users.admin.token) {
  const { body } = await head.call(token, '/stb/v1/audit?q=rollout&limit=500');
  return body.items.reverse();
}

test('each wave, and that it is done, with the headend as who did it', async () => {
  const site = await openRolloutSite();
  await site.openAll();
  const { id } = await site.begin({ name: 'Spring', waves: [25, 50, 100] });
  await site.rollouts.until(id, 'the rollout to be done', is('done'));
  const who = { kind: 'headend', id: null, name: 'Headend', role: null, fingerprint: null };
  const step = { who, target: `Spring (${id})`, type: null, status: 200 };
  expect(await steps(site)).toMatchObject([
    { who: { kind: 'user' }, call: 'POST /stb/v1/rollouts', outcome: { id } },
    { ...step, call: 'rollout wave', given: { wave: 2 } },
    { ...step, call: 'rollout wave', given: { wave: 3 } },
    { ...step, call: 'rollout done', given: {} },
  ]);
});

test('that it stopped at its gate, with the reason, and that its boxes are back', async () => {
  const site = await openRolloutSite();
  await site.openAll();
  const { id } = await site.begin({ name: 'Bad', firmware: images.bad, gate: 100 });
  const { reason } = await site.rollouts.until(id, 'the rollout to stop', is('stopped'));
  expect(await site.rollouts.order(id, 'rollback', { firmware: images.old })).toBe(200);
  await site.rollouts.until(id, 'the boxes to be back', is('rolled-back'));
  expect((await steps(site)).slice(1)).toMatchObject([
    { who: { kind: 'headend' }, call: 'rollout stopped', given: { reason }, status: 200 },
    { who: { kind: 'user' }, call: 'POST /stb/v1/rollouts/:id/rollback', target: `Bad (${id})` },
    { who: { kind: 'headend' }, call: 'rollout rolled-back' },
  ]);
});

test('is seen by those who see what was asked by whoever began it', async () => {
  const site = await openRolloutSite();
  const { head, rollouts, box, open } = site;
  await open(box(0));
  const begin = (token: string) =>
    head.call(token, '/stb/v1/rollouts', {
      body: { boxes: [box(0).id], firmware: images.good, waves: [100], gate: 100 },
    });
  const { admin, reseller, owner } = head.demo.users;
  for (const { token } of [admin, reseller]) {
    const { body } = await begin(token);
    await rollouts.until(body.id, 'the rollout to be done', is('done'));
  }
  const ends = async (token: string) =>
    (await steps(site, token)).filter(({ call }: { call: string }) => call === 'rollout done').length;
  expect([await ends(admin.token), await ends(reseller.token), await ends(owner.token)]).toEqual([2, 1, 0]);
});
