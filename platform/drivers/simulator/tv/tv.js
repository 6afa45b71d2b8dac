import { follow, send } from './connection.js';
import { byId } from './element.js';
import { showFacts } from './facts.js';
import { createFaults } from './faults.js';
import { createKeyboard } from './keyboard.js';
import { createLog } from './log.js';
import { createRemote } from './remote.js';
import { createScreen, describe } from './screen.js';

const ledNames = { off: 'off', red: 'red, standby', orange: 'orange, starting', green: 'green, on' };
const goingDown = new Set(['reboot', 'power-off', 'power-cut', 'crash', 'fault']);
const blinkMs = 120;

const screen = createScreen();
const log = createLog();
const faults = createFaults();
const remote = createRemote(byId('remote'), press);
createKeyboard(remote.use);
let last = null;

follow({ onState: show, onConnection: showConnection });

for (const button of document.querySelectorAll('[data-mains]')) {
  button.addEventListener('click', async () => {
    try {
      await send('POST', '/power', { mains: button.dataset.mains });
      byId('power-note').textContent = '';
    } catch (error) {
      byId('power-note').textContent = error.message;
    }
  });
}

async function press(key) {
  navigator.vibrate?.(12);
  try {
    await send('POST', '/keys', { key });
    blink();
  } catch (error) {
    byId('caption').textContent = `${key} was not taken: ${error.message}`;
  }
}

/** The box's LED flickers when it has taken a key. */
function blink() {
  byId('led').setAttribute('data-blink', '');
  setTimeout(() => byId('led').removeAttribute('data-blink'), blinkMs);
}

function show(snapshot) {
  const restarted = last !== null && last.bootId !== snapshot.bootId;
  last = snapshot;
  const { identity, led, scene, playing, mains } = snapshot;
  document.title = `${identity.name} – simulated box`;
  byId('name').textContent = identity.name;
  byId('subtitle').textContent = `${identity.model} · firmware ${identity.firmware} · ${identity.mac}`;
  byId('box-model').textContent = identity.model;
  byId('box-display').textContent = panelText(scene, playing);
  byId('led').setAttribute('data-led', led);
  byId('led').setAttribute('aria-label', `LED: ${ledNames[led] ?? led}`);
  byId('caption').textContent = restarted ? `The box has restarted. ${describe(scene)}` : describe(scene);
  for (const button of document.querySelectorAll('[data-mains]')) {
    button.disabled = button.dataset.mains === 'on' ? mains : !mains;
  }
  screen.show(snapshot);
  showFacts(snapshot);
  log.show(snapshot);
  faults.show(snapshot);
}

/** The four characters on the box's front. */
function panelText({ power, clock }, playing) {
  if (power === 'off') return '';
  if (power === 'booting') return 'boot';
  if (power === 'standby' || !playing) return clock;
  return playing.number === undefined ? 'play' : `c ${String(playing.number).padStart(2, '0')}`;
}

function showConnection(state) {
  const live = state === 'live';
  const pill = byId('connection');
  const was = pill.dataset.state;
  pill.dataset.state = state;
  byId('curtain').hidden = live;
  if (live) {
    if (was !== 'live') pill.textContent = 'Live';
    return;
  }
  screen.pause();
  const lastEvent = last?.events.findLast(({ event }) => event !== 'key')?.event;
  const text = goingDown.has(lastEvent) ? 'The box is restarting' : 'The box does not answer';
  pill.textContent = `${text}…`;
  byId('curtain-text').textContent = `${text}. This page comes back by itself.`;
  byId('led').setAttribute('data-led', 'off');
  byId('box-display').textContent = '';
}
