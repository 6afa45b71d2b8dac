/** What `get_events` answers; pure. Numbers and strings are taken alike, for panels send either. */
import { figure, isOn, objectIn, words } from './ministra-answer.ts';

/** One event, as the portal hands it out. */
export type PortalEvent = {
  id: string;
  name: string;
  /** Whether the portal repeats it until it is confirmed. */
  needConfirm: boolean;
  text: string;
  /** A URL that follows the text. */
  url: string;
  rebootAfter: boolean;
  /** 0: it stays until the viewer closes it. */
  hideSeconds: number;
  /** When it was sent, as the portal writes it; empty where it does not. */
  sentAt: string;
};

export type Poll = {
  events: PortalEvent[];
  /** How many events wait at the portal, those above included. */
  pending: number;
  /** The portal counts an event and names none, although it keeps none back: what it answers to a box that it does not know. */
  nameless: boolean;
};

const asked = 'watchdog get_events';

/**
 * Reads an answer. An empty body is nothing new, as of panels that answer so; so is an event without an id or a name. Throws PortalError for `false` and the
 * like, which a portal answers when its code has failed. `keepsBack` says that it was told of a message on the screen, which it counts and does not send.
 */
export function readPoll(js: unknown, keepsBack = false): Poll {
  if (js === undefined) return { events: [], pending: 0, nameless: false };
  const data = dataOf(objectIn(js, asked));
  const { msgs } = data;
  const rows: unknown[] = Array.isArray(msgs) ? msgs : [data];
  const events = rows.flatMap(readEvent);
  const pending = Array.isArray(msgs) ? events.length : Math.max(0, figure(msgs) || 0);
  return { events, pending, nameless: pending > 0 && events.length === 0 && !keepsBack };
}

/** `data` of the answer; some panels leave that level out. */
function dataOf(js: Record<string, unknown>): Record<string, unknown> {
  const { data } = js;
  if (data === undefined) return js;
  return Array.isArray(data) ? { msgs: data } : objectIn(data ?? {}, asked);
}

function readEvent(row: unknown): PortalEvent[] {
  if (typeof row !== 'object' || row === null) return [];
  const { id, event, need_confirm, msg, param1, reboot_after_ok, auto_hide_timeout, send_time, addtime } =
    row as Record<string, unknown>;
  const name = words(event);
  // What is an id goes into ours, and that into paths and logs.
  if (!/^[A-Za-z0-9_-]{1,12}$/.test(words(id)) || name === '') return [];
  return [
    {
      id: words(id),
      name,
      needConfirm: isOn(need_confirm),
      text: words(msg),
      url: words(param1),
      rebootAfter: isOn(reboot_after_ok),
      hideSeconds: Math.max(0, figure(auto_hide_timeout) || 0),
      sentAt: words(send_time) || words(addtime),
    },
  ];
}
