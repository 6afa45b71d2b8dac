import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { actionSchema } from '../../../agent/protocol/messages.ts';
import { boxParamSchemas, isBoxActionType } from '../../../agent/protocol/params.ts';
import { toAction } from '../../../agent/upstreams/ministra-actions.ts';
import type { PortalEvent } from '../../../agent/upstreams/ministra-events.ts';
import { actionId, originOf, rebootId } from '../../../agent/upstreams/ministra-id.ts';

const context = {
  portal: 'portal/x 00:1A:79:00:00:01',
  mac: '00:1A:79:00:00:01',
  serial: 'SN7',
  updateUrl: undefined,
  shown: 0,
};

function event(name: string, more: Partial<PortalEvent> = {}): PortalEvent {
  return {
    id: '27',
    name,
    needConfirm: false,
    text: '',
    url: '',
    rebootAfter: false,
    hideSeconds: 0,
    sentAt: '',
    ...more,
  };
}

const made = (name: string, more?: Partial<PortalEvent>) => {
  const { type, params } = toAction(event(name, more), context);
  return { type, params };
};

describe('every event of the portal is an action', () => {
  test.each<[string, Partial<PortalEvent>, string, Record<string, unknown>]>([
    ['send_msg', { text: 'Hi' }, 'MESSAGE', { message: 'Hi', duration: 86_400 }],
    ['send_msg', { text: 'Hi', hideSeconds: 15 }, 'MESSAGE', { message: 'Hi', duration: 15 }],
    ['send_msg', { text: 'Hi', hideSeconds: 999_999 }, 'MESSAGE', { message: 'Hi', duration: 86_400 }],
    [
      'send_msg',
      { text: 'Hi', url: 'http://a/v' },
      'MESSAGE_VIDEO',
      { message: 'Hi', video: 'http://a/v', duration: 86_400 },
    ],
    [
      'send_msg_with_video',
      { text: 'Hi', url: 'http://a/v' },
      'MESSAGE_VIDEO',
      { message: 'Hi', video: 'http://a/v', duration: 86_400 },
    ],
    [
      'send_msg_with_url',
      { text: 'Hi', url: 'http://a/p' },
      'MESSAGE_URL',
      { message: 'Hi', url: 'http://a/p', duration: 86_400 },
    ],
    ['send_msg_with_video', { text: '<p>&nbsp;</p>', url: 'http://a/v' }, 'VIDEO', { video: 'http://a/v' }],
    ['reboot', {}, 'REBOOT', {}],
    ['reload_portal', {}, 'UI', {}],
    ['update_channels', {}, 'CHANNELS', {}],
    ['update_subscription', {}, 'CHANNELS', {}],
    ['play_channel', { text: '10' }, 'PLAYNUMBER', { number: 10 }],
    ['play_radio_channel', { text: '2' }, 'PLAYRADIONUMBER', { number: 2 }],
    ['update_image', {}, 'FIRMWARE', {}],
    ['show_menu', {}, 'SHOW_MENU', {}],
    ['cut_off', {}, 'CUT_OFF', {}],
    ['cut_off', { text: 'Call us' }, 'CUT_OFF', { message: 'Call us' }],
    ['cut_on', {}, 'CUT_ON', {}],
    ['update_epg', {}, 'EPG', {}],
    ['update_modules', {}, 'MODULES', {}],
    ['mount_all_storages', { text: '[{}]' }, 'STORAGES', {}],
  ])('%s %j', (name, more, type, params) => {
    expect(made(name, more)).toEqual({ type, params });
    expect(isBoxActionType(type) && v.is(boxParamSchemas[type], params)).toBe(true);
    expect(v.is(actionSchema, toAction(event(name, more), context))).toBe(true);
  });

  test('update_image takes the URL of the profile where that names a file', () => {
    const action = toAction(event('update_image'), { ...context, updateUrl: 'http://a/2.bundle' });
    expect(action.params).toEqual({ firmware: 'http://a/2.bundle' });
  });

  test('the first %mac% and the first %sn% are replaced, and nothing that they stand for is read again', () => {
    expect(made('send_msg', { text: '%mac% %sn% %mac% %sn%' }).params.message).toBe('00:1A:79:00:00:01 SN7 %mac% %sn%');
    const sly = toAction(event('send_msg', { text: '%sn%' }), { ...context, serial: '$&%mac%' });
    expect(sly.params.message).toBe('$&%mac%');
  });

  test.each(['', 'abc', '-1', '1.5', '99999999', '10 OR 1'])(
    'a channel number %j is handed on as it is, to be refused',
    (text) => {
      const { params } = made('play_channel', { text });
      expect(v.is(boxParamSchemas.PLAYNUMBER, params)).toBe(false);
    },
  );

  test('an unknown event becomes none of the known types, whatever it is called', () => {
    for (const name of ['SCRIPT', 'JS', 'constructor', '__proto__', 'additional_services_status', 'x'.repeat(200)]) {
      const { type } = made(name);
      expect(isBoxActionType(type)).toBe(false);
      expect(v.is(actionSchema, toAction(event(name), context))).toBe(true);
    }
  });
});

describe('the id of an action', () => {
  const id = (more: Partial<PortalEvent> = {}, portal = context.portal, shown = 0) =>
    actionId(portal, event('send_msg', { text: 'Hi', ...more }), shown);

  test('is the same for the same event, and another for another', () => {
    expect(id()).toBe(id());
    const others = [
      id({ id: '28' }),
      id({ text: 'Ho' }),
      id({ name: 'reboot' }),
      id({ sentAt: 'later' }),
      id({ url: 'x' }),
      id({}, 'other portal'),
    ];
    expect(new Set([id(), ...others]).size).toBe(others.length + 1);
  });

  test('says all that is needed to confirm', () => {
    const full = id({ needConfirm: true, hideSeconds: 5, rebootAfter: true }, context.portal, 1);
    expect(full).toMatch(/^ministra:27:confirm-hides-reboot:[0-9a-f]{12}:2$/);
    expect(originOf(full)).toEqual({
      eventId: '27',
      message: full.slice(0, -2),
      confirm: true,
      hides: true,
      reboot: true,
    });
    expect(originOf(id())).toMatchObject({ eventId: '27', confirm: false, hides: false, reboot: false });
    expect(
      id({ id: 'x'.repeat(12), needConfirm: true, hideSeconds: 5, rebootAfter: true }, '', 99_998).length,
    ).toBeLessThanOrEqual(64);
  });

  test('of the restart after a message is as constant, and asks for nothing more', () => {
    const origin = originOf(id({ needConfirm: true, rebootAfter: true }))!;
    expect(rebootId(origin)).toBe(rebootId(originOf(id({ needConfirm: true, rebootAfter: true }, context.portal, 3))!));
    expect(originOf(rebootId(origin))).toMatchObject({ confirm: false, reboot: false });
  });

  test.each([
    null,
    '',
    '0193a5c0de0011aa22bb33cc',
    'ministra:',
    'ministra:27:confirm:zz',
    'ministra:../x:confirm:0123456789ab',
  ])('%j is of no portal', (other) => {
    expect(originOf(other)).toBeUndefined();
  });
});
