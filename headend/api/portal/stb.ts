import { randomBytes } from 'node:crypto';
import type { Telemetry } from '../../../agent/protocol/messages.ts';
import type { Admission } from '../../ministra/admission.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import type { Box } from '../../store/boxes.ts';
import { type Calls, ofBox } from './calls.ts';
import { localization, modules } from './menu.ts';
import { profileOf } from './profile.ts';
import type { PortalRequest } from './request.ts';

/** `type=stb`: how a box comes in, what it learns of itself, and what it says that it does. */
export function stbCalls(ministra: Ministra, admission: Admission): Calls {
  const { fleet } = ministra;
  const { store } = fleet;

  return {
    /** A token that is kept is given again; a new one counts only once the box comes with it to its profile. */
    handshake({ param, box }) {
      const saved = param('token');
      if (box !== undefined && saved !== '' && store.portalBoxes.hasToken(box.id, saved)) return { token: saved };
      const token = randomBytes(16).toString('hex').toUpperCase();
      return saved !== '' && ministra.settings.login_required ? { token, not_valid: 1 } : { token };
    },

    async get_profile(request) {
      const { param, mac, token, ip, model } = request;
      const admitted = await admission.admit({
        ...{ mac, token, ip },
        serial: param('sn').slice(0, 64),
        deviceId: param('device_id').slice(0, 128),
        deviceId2: param('device_id2').slice(0, 128),
        version: param('ver').slice(0, 512),
        model: (param('stb_type') || model).slice(0, 64),
        firmware: param('image_version').slice(0, 64),
      });
      return 'refusal' in admitted ? admitted.refusal : profileOf(ministra, admitted.box);
    },

    do_auth: ({ mac, param, ip }) =>
      mac === undefined ? false : admission.logIn(mac, param('login'), param('password'), ip),

    get_localization: () => localization,
    get_modules: ({ box }) => modules(box === undefined ? undefined : store.accounts.of(box.id)),
    check_portal_status: () => true,
    get_settings_profile: ofBox(({ box }) => profileOf(ministra, box)),
    get_preload_images: () => [],
    get_storages: () => ({}),
    get_locales: () => [{ label: 'English', value: 'en_GB.utf8', selected: 1 }],
    get_tv_aspects: () => ({}),
    get_ad: () => [],
    set_volume: () => true,
    set_aspect: () => true,
    set_locale: () => true,
    set_stream_error: () => true,
    set_hdmi_reaction: () => true,
    set_common_settings: () => true,
    set_playback_settings: () => true,

    log: ofBox(async (request) => {
      const { box, param } = request;
      const now = Date.now();
      await store.commit(() => store.portalBoxes.active(box.id, now));
      const playing = playingOf(request, box);
      // A box that speaks the box protocol, too, tells there what is on, and more.
      if (playing !== undefined && box.hello === null) {
        const telemetry: Telemetry = { v: 1, kind: 'telemetry', at: new Date(now).toISOString(), playing };
        await fleet.inbox.receive(box.id, 'ministra', Buffer.from(JSON.stringify(telemetry)));
      }
      return param('real_action') === '' ? 0 : 1;
    }),

    /** The token is withdrawn. A real portal takes the MAC from the account, too; here it stays, so that the box is known again. */
    logout: ofBox(async ({ box }) => {
      await store.commit(() => store.portalBoxes.forget(box.id));
      return true;
    }),
  };

  /** What a box says that it plays: null when it has stopped, undefined where it says nothing of that. */
  function playingOf({ param }: PortalRequest, box: Box): Telemetry['playing'] | undefined {
    const action = param('real_action');
    if (['stop', 'close', 'close_any'].includes(action)) return null;
    if (action !== 'play') return undefined;
    const id = store.portalNumbers.find('channel', param('ch_id') || param('content_id'));
    const channel = id === undefined ? undefined : store.channels.get(id);
    const isVisible = channel?.customer === null || channel?.customer === box.customer;
    if (channel !== undefined && isVisible) {
      const kind = channel.radio ? 'radio' : 'channel';
      return { kind, id: channel.id, name: channel.name, number: channel.number };
    }
    return { kind: 'video', name: param('param').slice(0, 200) };
  }
}
