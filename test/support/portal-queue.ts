/** The events of one box as Infomir's server queues them: priority first, then age; most are forgotten as they are handed out. */
export type QueuedEvent = {
  id: number;
  event: string;
  msg: string;
  need_confirm: 0 | 1;
  reboot_after_ok: 0 | 1;
  auto_hide_timeout: number;
  param1: string;
  priority: number;
  /** How often it was handed out. */
  delivered: number;
  confirmed: boolean;
  ended: boolean;
};

/** What the sender of an event chooses; messages wait for a confirmation unless it says otherwise. */
export type NewEvent = { event: string } & Partial<Omit<QueuedEvent, 'id' | 'delivered' | 'confirmed' | 'ended'>>;

export function createQueue(firstId = 1) {
  const events: QueuedEvent[] = [];
  let nextId = firstId;
  const pending = () => events.filter(({ ended }) => !ended).sort((a, b) => a.priority - b.priority || a.id - b.id);
  return {
    events,
    add(event: NewEvent): number {
      const isMessage = event.event.startsWith('send_msg');
      const id = nextId++;
      events.push({
        ...{
          msg: '',
          reboot_after_ok: 0,
          auto_hide_timeout: 0,
          param1: '',
          delivered: 0,
          confirmed: false,
          ended: false,
        },
        need_confirm: isMessage ? 1 : 0,
        priority: isMessage ? 2 : 1,
        ...event,
        id,
      });
      return id;
    },
    /** The event that is handed out now, and how many wait, it included. `active` is on the screen and not handed out again. */
    next(active: number): { event: QueuedEvent | undefined; msgs: number } {
      const waiting = pending();
      const [event] = waiting;
      if (event === undefined || event.id === active) return { event: undefined, msgs: waiting.length };
      event.delivered += 1;
      if (event.need_confirm === 0) event.ended = true;
      return { event, msgs: waiting.length };
    },
    confirm(id: number): void {
      const event = events.find((each) => each.id === id);
      if (event === undefined) return;
      event.confirmed = true;
      event.ended = true;
    },
    find: (id: number) => events.find((each) => each.id === id),
  };
}

export type PortalQueue = ReturnType<typeof createQueue>;

/** An event as `get_events` shows it: strings throughout. */
export function toWire({ id, event, need_confirm, msg, reboot_after_ok, auto_hide_timeout, param1 }: QueuedEvent) {
  return {
    id: String(id),
    event,
    need_confirm: String(need_confirm),
    msg,
    reboot_after_ok: String(reboot_after_ok),
    auto_hide_timeout: String(auto_hide_timeout),
    param1,
  };
}
