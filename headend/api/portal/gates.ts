import { isOn } from '../../ministra/status.ts';
import type { Store } from '../../store/store.ts';
import type { PortalRequest } from './request.ts';

/** What any box may ask, whatever token it has. */
const withoutToken = ['handshake', 'get_profile', 'get_localization', 'do_auth'];
/** What a box may ask that is unknown or switched off. A real portal leaves `confirm_event` out, so that such a box reads the same message for ever. */
const withoutRight = [...withoutToken, 'get_events', 'confirm_event', 'get_modules', 'get_main_info'];

/**
 * Ministra's gates, in its order and words; undefined where all are open. A box that does not say its MAC may only call `stb`, which then knows nobody.
 */
export function refusal(store: Store, request: PortalRequest): string | undefined {
  const { mac, box, action, type, token, isEmulator } = request;
  if (isEmulator || (mac === undefined && type !== 'stb')) return 'Unauthorized request.';
  if (mac === undefined) return undefined;
  if (!withoutToken.includes(action) && box !== undefined && !store.portalBoxes.admits(box.id, token)) {
    return 'Authorization failed.';
  }
  const isAdmitted = box !== undefined && isOn(store, box);
  return isAdmitted || withoutRight.includes(action) ? undefined : 'Access denied.';
}
