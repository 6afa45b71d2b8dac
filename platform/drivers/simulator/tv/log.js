import { byId, element } from './element.js';

/** What an event is about, for the mark in front of it. */
const kinds = {
  boot: 'power',
  'agent-start': 'power',
  reboot: 'power',
  'power-off': 'power',
  standby: 'power',
  wake: 'power',
  crash: 'bad',
  'fall-back': 'bad',
  'play-failed': 'bad',
  fault: 'bad',
  'power-cut': 'bad',
  'roll-back': 'bad',
  message: 'screen',
  'message-ended': 'screen',
  block: 'screen',
  unblock: 'screen',
  'ui-open': 'screen',
  'ui-reload': 'screen',
  'ui-script': 'screen',
  'ui-debug': 'screen',
  screenshot: 'screen',
  play: 'play',
  stop: 'play',
  pause: 'play',
  tune: 'play',
  'tuner-configured': 'play',
  volume: 'sound',
  mute: 'sound',
  chime: 'sound',
  speak: 'sound',
  key: 'key',
};
const starts = new Set(['boot', 'agent-start']);

/** The list of what happened, newest first; a start of the box begins a new part. */
export function createLog() {
  const list = byId('log');
  const withKeys = byId('log-keys');
  let events = [];

  const draw = () => {
    const shown = events.filter(({ event }) => withKeys.checked || event !== 'key');
    list.replaceChildren(...shown.toReversed().map(makeEntry));
    if (shown.length === 0) list.append(element('li', { class: 'faint' }, 'Nothing yet.'));
  };
  withKeys.addEventListener('change', draw);

  return {
    show(snapshot) {
      const known = events.at(-1)?.seq;
      events = snapshot.events;
      if (events.at(-1)?.seq !== known || known === undefined) draw();
    },
  };
}

function makeEntry({ at, event, text, seq }) {
  const when = new Date(at);
  const time = element('time', { datetime: at, title: when.toLocaleString() }, when.toLocaleTimeString('en-GB'));
  const kind = kinds[event] ?? 'system';
  return element(
    'li',
    { 'data-kind': kind, 'data-event': event, 'data-starts': starts.has(event), id: `event-${seq}` },
    time,
    element('span', {}, text),
  );
}
