/** What the headend shows of itself: live events, the OpenAPI document, health, figures, its page. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { openSocketBox, openTestHeadend, report, type TestHeadend } from '../support/headend.ts';
import { until } from '../support/until.ts';

let head: TestHeadend;
let admin: string;
let box: DemoBox;

beforeAll(async () => {
  head = await openTestHeadend();
  admin = head.demo.users.admin.token;
  box = head.demo.boxes[0] as DemoBox;
});
afterAll(() => head.close());

const get = (path: string, token = admin) => head.call(token, path);

/** A reader of the live events, with a token. */
async function listen(token: string) {
  const over = new AbortController();
  const response = await fetch(`${head.headend.url}/stb/v1/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal: over.signal,
  });
  let text = '';
  let isOver = false;
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
  })()
    .catch(() => {})
    .finally(() => {
      isOver = true;
    });
  return {
    type: response.headers.get('content-type'),
    text: () => text,
    isOver: () => isOver,
    events: () =>
      [...text.matchAll(/event: (?!alive)(\w+)\ndata: (.*)\n\n/g)].map(([, event, data]) => ({
        event,
        data: JSON.parse(data as string),
      })),
    async close() {
      over.abort();
      await reading;
    },
  };
}

describe('live events', () => {
  it('tell of boxes, actions and reports, to those who may see them', async () => {
    const mine = await listen(head.demo.users.manager.token);
    const foreign = await listen(head.demo.users.privateOwner.token);
    expect(mine.type).toBe('text/event-stream');
    const raw = await openSocketBox(head.headend, box);
    const id = await head.act(box, 'SWITCH_OFF');
    const done = report(id, 'done');
    await raw.say(done);
    await until(() => mine.events().some(({ data }) => data.state === 'done'), 'the end of the action');
    await raw.close();
    await until(() => mine.events().some(({ event, data }) => event === 'box' && data.online === false), 'offline');
    expect(mine.events()).toContainEqual({ event: 'report', data: { box: box.id, action: id, report: done } });
    expect(mine.events().find(({ event }) => event === 'box')?.data).toMatchObject({ id: box.id, online: true });
    expect(foreign.events()).toEqual([]);
    expect(foreign.text()).toContain('event: alive');
    await mine.close();
    await foreign.close();
  });

  it('end for a user whose token was replaced, who has to come again with the new one', async () => {
    const { token, ...owner } = head.demo.users.owner;
    const users = (await get('/stb/v1/users')).body.items as { id: string; name: string; role: string }[];
    const id = users.find(({ name }) => name === owner.name)?.id;
    const stale = await listen(token);
    const idle = await listen(admin);
    expect((await head.call(admin, `/stb/v1/users/${id}/token`, { method: 'POST' })).status).toBe(200);
    let volume = 0;
    await until(async () => {
      await get(`/iptv/device/${box.id}/action?type=VOLUME&volume=${volume++ % 100}`);
      return stale.isOver();
    }, 'the stream to end');
    expect(idle.isOver()).toBe(false);
    await idle.close();
  });
});

describe('the OpenAPI document', () => {
  it('has no collection that docs/headend.md leaves out', async () => {
    const text = readFileSync(new URL('../../docs/headend.md', import.meta.url), 'utf8');
    const { body } = await get('/docs/json');
    const collections = Object.keys(body.paths).filter((path) => !path.slice(1).includes('{') && path !== '/metrics');
    for (const path of collections) expect(text, path).toContain(path);
  });

  it('describes every route with its parameters and answers, and loads nothing from elsewhere', async () => {
    const { body } = await get('/docs/json');
    expect(body.openapi).toBe('3.1.0');
    const routes = [
      '/iptv/device/action',
      '/iptv/device/{device}/action',
      '/iptv/device/{device}/screenshot',
      '/iptv/app/heartbeat',
      '/stb/v1/boxes',
      '/stb/v1/actions',
      '/stb/v1/actions/{id}',
      '/stb/v1/artifacts/{action}',
      '/stb/v1/reports',
      '/stb/v1/events',
      '/healthz',
    ];
    for (const route of routes) expect(Object.keys(body.paths), route).toContain(route);
    for (const [path, methods] of Object.entries<Record<string, { summary?: string; responses?: object }>>(
      body.paths,
    )) {
      for (const [method, operation] of Object.entries(methods)) {
        expect(operation.summary, `${method} ${path}`).toBeTruthy();
        expect(operation.responses, `${method} ${path}`).toHaveProperty('200');
      }
    }
    const groupAction = body.paths['/iptv/device/action'].get;
    expect(groupAction.parameters.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['group', 'reseller', 'type', 'message', 'volume', 'keys', 'debugserver']),
    );
    const page = await get('/docs/');
    expect(page.status).toBe(200);
    expect(page.body).not.toMatch(/(src|href)="https?:/);
  });
});

describe('the service', () => {
  it('says that it is well, and counts', async () => {
    expect((await head.call(undefined, '/healthz')).body).toMatchObject({ status: 'ok' });
    const { body, headers } = await head.call(undefined, '/metrics');
    expect(headers.get('content-type')).toContain('text/plain; version=0.0.4');
    for (const line of body.trim().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[0-9.e+-]+)$/);
    }
    expect(body).toMatch(/stb_headend_actions_created_total \d/);
  });

  it('has a page that loads nothing from elsewhere', async () => {
    const { status, body, headers } = await head.call(undefined, '/');
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(body).not.toMatch(/(src|href)="https?:/);
  });
});
