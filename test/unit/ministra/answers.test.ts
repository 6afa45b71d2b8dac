import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { objectIn, PortalError, plainWords, readAnswer } from '../../../agent/upstreams/ministra-answer.ts';
import { lineupOf } from '../../../agent/upstreams/ministra-channels.ts';
import { readPoll } from '../../../agent/upstreams/ministra-events.ts';
import { readProfile, refusalOf, statusOf } from '../../../agent/upstreams/ministra-profile.ts';
import { loadUrl } from '../../../agent/upstreams/ministra-request.ts';

const kindOf = (text: string) => {
  try {
    return readAnswer(text, 'stb handshake');
  } catch (error) {
    return error instanceof PortalError ? error.kind : 'no PortalError';
  }
};

describe('an answer', () => {
  test('is its js, whatever else is in it', () => {
    expect(readAnswer('{"js":{"token":"A"},"text":"<b>debug</b>"}', 'stb handshake')).toEqual({ token: 'A' });
    expect(readAnswer('{"js":false,"text":""}', 'stb handshake')).toBe(false);
  });

  test('may stand behind what PHP printed, and behind a byte order mark', () => {
    const warning = '<br />\n<b>Warning</b>: mysql_connect() in /var/www/x.php on line 3<br />\n';
    expect(readAnswer(`${warning}{"js":{"data":"ok"}}`, 'x y')).toEqual({ data: 'ok' });
    expect(readAnswer('\uFEFF {"js":1}', 'x y')).toBe(1);
  });

  test('that is empty has no js', () => {
    expect(readAnswer(' \n', 'x y')).toBeUndefined();
  });

  test.each([
    ['Authorization failed.', 'token'],
    ['  authorization failed', 'token'],
    ['Access denied.', 'denied'],
    ['Unauthorized request.', 'identity'],
    ['Identification failed', 'identity'],
    ["<br />\n<b>Fatal error</b>:  Uncaught exception 'Exception'", 'fault'],
    ['PHP Parse error: syntax error', 'fault'],
    ['<html><title>Welcome', 'strange'],
    ['{"data":1}', 'strange'],
    ['[]', 'strange'],
  ])('%j is %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });

  test('no text makes it throw anything but a PortalError with a sentence', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map((text) => `{"js"${text}`),
        ),
        (text) => {
          try {
            readAnswer(text, 'x y');
          } catch (error) {
            expect(error).toBeInstanceOf(PortalError);
            expect((error as Error).message.length).toBeGreaterThan(20);
          }
        },
      ),
    );
  });

  test.each([
    [undefined, 'empty body'],
    [false, '"js":false'],
    [null, '"js":null'],
    [[], 'a list'],
    [7, 'a number'],
  ])('js that is %j instead of an object is said in words', (js, words) => {
    expect(() => objectIn(js, 'stb get_profile')).toThrow(words);
  });

  test("a portal's HTML becomes words", () => {
    expect(plainWords('Please<br/>call <b>us</b>.')).toBe('Please call us .');
    expect(plainWords('x'.repeat(500), 10)).toBe(`${'x'.repeat(10)}…`);
    expect(plainWords(undefined)).toBe('');
  });
});

describe('a poll', () => {
  const event = {
    id: '4',
    event: 'send_msg',
    need_confirm: '1',
    msg: 'Hi',
    reboot_after_ok: '1',
    auto_hide_timeout: '15',
  };
  const read = {
    id: '4',
    name: 'send_msg',
    needConfirm: true,
    text: 'Hi',
    url: '',
    rebootAfter: true,
    hideSeconds: 15,
    sentAt: '',
  };

  test('has the event and how many wait', () => {
    const data = { msgs: 3, ...event, send_time: '2026-11-21 12:00:00' };
    expect(readPoll({ data })).toEqual({
      events: [{ ...read, sentAt: '2026-11-21 12:00:00' }],
      pending: 3,
      nameless: false,
    });
  });

  test('takes numbers for strings and a list in msgs, with what is no event left out', () => {
    const numbers = { ...event, id: 4, need_confirm: 1, reboot_after_ok: true, auto_hide_timeout: 15 };
    const poll = readPoll({ data: { msgs: [null, 7, numbers, { id: 5 }, { event: 'reboot' }], updated: { anec: 0 } } });
    expect(poll).toEqual({ events: [read], pending: 1, nameless: false });
    expect(readPoll({ data: [numbers] }).events).toEqual([read]);
    expect(readPoll({ msgs: 1, ...numbers }).events).toEqual([read]);
  });

  test.each([
    [undefined],
    [{ data: { msgs: 0, additional_services_on: '1' } }],
    [{ data: { msgs: '0' } }],
    [{ data: {} }],
    [{ data: null }],
    [{}],
    [{ data: { msgs: [] } }],
  ])('%j is nothing new', (js) => {
    expect(readPoll(js)).toEqual({ events: [], pending: 0, nameless: false });
  });

  test('an event without an id, or with one that is none, is nameless', () => {
    for (const id of [undefined, '', '../etc', 'x'.repeat(13), {}, null]) {
      expect(readPoll({ data: { msgs: 1, event: 'reboot', id } })).toEqual({ events: [], pending: 1, nameless: true });
    }
  });

  test('nothing that JSON can say makes it throw anything but a PortalError', () => {
    const hostile = fc.record({
      data: fc.oneof(fc.jsonValue(), fc.record({ msgs: fc.jsonValue(), id: fc.jsonValue(), event: fc.jsonValue() })),
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), hostile), (js) => {
        try {
          for (const { id, name } of readPoll(js).events) expect([id, name].every((text) => text !== '')).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(PortalError);
        }
      }),
    );
  });
});

describe('a profile', () => {
  test('gives its figures, as strings and as numbers', () => {
    const js = {
      watchdog_timeout: '120',
      timeslot: 1.5,
      default_timezone: 'Europe/Kiev',
      update_url: 'http://a/b.bundle',
    };
    expect(readProfile(js)).toEqual({
      watchdogSeconds: 120,
      slotSeconds: 1.5,
      zone: 'Europe/Kiev',
      updateUrl: 'http://a/b.bundle',
    });
    expect(readProfile({ watchdog_timeout: 90, timeslot: '2' })).toEqual({ watchdogSeconds: 90, slotSeconds: 2 });
  });

  test.each([
    {},
    { watchdog_timeout: 0 },
    { watchdog_timeout: 'x', timeslot: 500, default_timezone: 'Mars' },
    { update_url: 'http://a/images/' },
    { update_url: 'ftp://a/b' },
  ])('%j: what is missing or absurd gets its usual value', (js) => {
    expect(readProfile(js)).toEqual({ watchdogSeconds: 120, slotSeconds: 0 });
  });

  test('status is read from numbers and strings', () => {
    expect([{ status: 0 }, { status: '0' }, {}, { status: null }].map(statusOf)).toEqual([0, 0, 0, 0]);
    expect([{ status: 1 }, { status: '1' }, { status: 2 }, { status: '2' }].map(statusOf)).toEqual([1, 1, 2, 2]);
  });

  test('a box that is switched off is told from one that is not known', () => {
    expect(refusalOf({ id: '7', status: '1' }, 'M')).toMatch(/operator has switched this box off/);
    expect(refusalOf({ status: 1 }, '11:22:33:44:55:66')).toMatch(/MAC address 11:22:33:44:55:66/);
  });
});

test('a value without a text of its own is read as none, wherever it stands', () => {
  const strange = JSON.parse('{ "toString": "", "valueOf": 1 }');
  const profile = Object.fromEntries(
    ['watchdog_timeout', 'timeslot', 'default_timezone', 'update_url', 'status', 'msg', 'block_msg'].map((name) => [
      name,
      strange,
    ]),
  );
  expect(readProfile(profile)).toEqual({ watchdogSeconds: 120, slotSeconds: 0 });
  expect(statusOf(profile)).toBe(0);
  expect(refusalOf(profile, 'M')).toMatch(/MAC address M/);
  expect(readPoll({ data: { msgs: strange, id: strange, event: strange } }).events).toEqual([]);
  const event = { id: 1, event: 'send_msg', msg: strange, need_confirm: strange, auto_hide_timeout: strange };
  expect(readPoll({ data: { msgs: 1, ...event } }).events).toMatchObject([{ text: '', needConfirm: false }]);
  const row = { id: 1, number: 1, name: strange, cmd: strange, use_http_tmp_link: strange };
  expect(lineupOf([row, { ...row, number: strange }, { ...row, id: strange }]).channels).toEqual([]);
});

test.each([
  ['http://portal/stalker_portal/', 'http://portal/stalker_portal/server/load.php'],
  ['http://portal/stalker_portal/c/', 'http://portal/stalker_portal/server/load.php'],
  ['http://portal/stalker_portal/c/index.html?x=1', 'http://portal/stalker_portal/server/load.php'],
  ['https://portal:8443', 'https://portal:8443/stalker_portal/server/load.php'],
  ['http://user:secret@portal/tv', 'http://portal/tv/server/load.php'],
  ['http://portal/portal.php', 'http://portal/portal.php'],
])('the address %s means %s', (configured, url) => {
  expect(loadUrl(configured)).toBe(url);
});
