import { shareOf } from '../../fleet/share.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import { planName } from '../../ministra/plans.ts';
import { isOn } from '../../ministra/status.ts';
import type { Box } from '../../store/boxes.ts';
import { flagText } from '../ministra/views.ts';

/**
 * A box's profile, as far as clients look at it; numbers are texts where Ministra writes texts. A box that is switched off gets the same with the status 1.
 * Ministra also sends passwords; what stands here instead opens nothing.
 */
export function profileOf(ministra: Ministra, box: Box): Record<string, unknown> {
  const { fleet, settings } = ministra;
  const { store } = fleet;
  const account = store.accounts.of(box.id);
  const portal = store.portalBoxes.get(box.id);
  const slot = slotOf(box.id, settings.watchdog_seconds);
  return {
    id: String(store.portalNumbers.of(box.id)),
    name: account.fullName || box.name,
    mac: box.mac ?? '',
    ip: portal?.ip ?? '',
    ls: account.accountNumber ?? '0',
    login: account.login ?? '',
    password: '',
    parent_password: '0000',
    settings_password: '0000',
    status: isOn(store, box) ? '0' : '1',
    blocked: isOn(store, box) ? '0' : '1',
    stb_type: box.model ?? '',
    serial_number: portal?.serial ?? '',
    image_version: box.firmware ?? '',
    version: portal?.version ?? '',
    hd: '1',
    lang: '',
    locale: 'en_GB.utf8',
    default_locale: 'en_GB.utf8',
    default_timezone: settings.timezone,
    timezone_diff: 0,
    tariff_plan: planName(store, account),
    account_balance: account.balance,
    additional_services_on: flagText(account.additionalServices),
    watchdog_timeout: String(settings.watchdog_seconds),
    timeslot: slot,
    timeslot_ratio: slot / settings.watchdog_seconds,
    update_url: settings.update_url ?? '',
    autoupdate: [],
    last_itv_id: '0',
    fav_itv_on: '0',
    tv_quality: 'high',
    volume: '50',
    audio_out: '1',
    video_out: '',
    playback_limit: '0',
    screensaver_delay: '10',
    show_after_loading: 'main_menu',
    epg_update_time_range: '0.6',
    hdmi_event_reaction: '1',
    standby_on_hdmi_off: '1',
    store_auth_data_on_stb: false,
    web_proxy_host: '',
    web_proxy_port: '',
    web_proxy_user: '',
    web_proxy_pass: '',
    web_proxy_exclude_list: '',
    storages: {},
  };
}

/**
 * Where a box stands in the watchdog's period, in whole seconds. Never in its first quarter: Kodi's client takes the slot for the period, and would ask
 * without pause.
 */
function slotOf(box: string, seconds: number): number {
  const first = Math.ceil(seconds / 4);
  return Math.max(1, Math.min(seconds, first + Math.floor(shareOf(box) * (seconds - first))));
}
