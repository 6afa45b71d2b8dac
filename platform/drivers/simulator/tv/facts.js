import { byId, element } from './element.js';

const reasons = { power: 'power on', reboot: 'reboot', watchdog: 'watchdog', crash: 'crash' };
const slotStates = { good: 'proven', trial: 'on trial', bad: 'given up', empty: 'empty' };

/** Who the box is and what it holds. */
export function showFacts(snapshot) {
  const { identity, bootId, bootCount, bootReason, bootedAt, volume, muted, services } = snapshot;
  const facts = [
    ['Id', code(identity.id)],
    ['MAC', code(identity.mac)],
    ['Model', identity.model],
    ['Firmware', identity.firmware],
    ['Volume', muted ? `${volume}, muted` : String(volume)],
    ['On', titleOf(snapshot.playing)],
    [
      'Started',
      `${new Date(bootedAt).toLocaleString('en-GB')}, by ${reasons[bootReason] ?? bootReason}, start ${bootCount}`,
    ],
    ['Boot id', code(bootId)],
    ['Tuner', services.length === 1 ? '1 service' : `${services.length} services`],
  ];
  byId('facts').replaceChildren(
    ...facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
  );
  byId('slots').replaceChildren(...snapshot.slots.map(makeSlot));
  showList('tunnels', 'Open tunnels', snapshot.tunnels.map(tunnelText));
  const missing = Object.entries(snapshot.missing).map(([name, reason]) => `${name}: ${reason}`);
  showList('missing', 'What this box lacks', missing);
}

/** How people call what is on. */
export function titleOf(playing) {
  if (!playing) return 'nothing';
  const { name, number, url, reception } = playing;
  const title = name ? `${number === undefined ? '' : `${number} `}${name}` : url;
  return reception ? `${title} (${reception})` : title;
}

function makeSlot({ name, version, state, booted }) {
  return element(
    'li',
    { class: 'slot', 'data-booted': booted, 'data-state': state },
    element('strong', {}, name),
    element('span', {}, version ?? '–'),
    element(
      'span',
      { class: 'faint' },
      booted ? `running, ${slotStates[state] ?? state}` : (slotStates[state] ?? state),
    ),
  );
}

function tunnelText({ host, remotePort, closesAt }) {
  return `Port ${remotePort} of ${host} leads to this box until ${new Date(closesAt).toLocaleTimeString('en-GB')}.`;
}

function showList(id, title, lines) {
  const items = lines.map((line) => element('li', {}, line));
  byId(id).replaceChildren(...(items.length > 0 ? [element('h3', {}, title), element('ul', {}, ...items)] : []));
}

function code(text) {
  return element('code', {}, text);
}
