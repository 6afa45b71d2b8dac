import { element } from './element.js';
import { keyIcons } from './shared/icons.js';
import { capName, keyGroups, nameOf } from './shared/keys.js';

const holdMs = 450;
const repeatMs = 130;
const lightMs = 140;

/** Lays the keys out in `place`. `press(key)` is called for each press, and again and again while a repeating key is held. */
export function createRemote(place, press) {
  const beam = element('span', { class: 'beam', 'aria-hidden': 'true' });
  place.append(beam, element('p', { class: 'remote-brand', 'aria-hidden': 'true' }, 'stb'));
  for (const group of keyGroups) place.append(makeGroup(group));

  const light = (key) => {
    for (const part of [beam, place.querySelector(`[data-key="${key}"]`)]) {
      part?.setAttribute('data-pressed', '');
      clearTimeout(part?.fading);
      if (part) part.fading = setTimeout(() => part.removeAttribute('data-pressed'), lightMs);
    }
  };
  const use = (key) => {
    light(key);
    press(key);
  };

  let repeating;
  const release = () => clearTimeout(repeating);
  place.addEventListener('pointerdown', (event) => {
    const button = event.target.closest('button');
    if (!button || event.button !== 0) return;
    const again = () => {
      use(button.dataset.key);
      repeating = setTimeout(again, repeatMs);
    };
    if (button.hasAttribute('data-repeats')) repeating = setTimeout(again, holdMs);
  });
  // The mouse leaves the focus where it is, so that Enter stays OK.
  place.addEventListener('mousedown', (event) => event.preventDefault());
  for (const end of ['pointerup', 'pointercancel', 'pointerleave']) place.addEventListener(end, release);
  place.addEventListener('click', (event) => {
    const key = event.target.closest('button')?.dataset.key;
    if (key) use(key);
  });
  return { use };
}

function makeGroup({ name, layout, keys }) {
  const group = element('div', { class: `keys ${layout}`, role: 'group', 'aria-label': name });
  for (const key of keys) {
    group.append(makeKey(key));
    if (key.rocker)
      group.append(
        element('span', { class: `rocker-name ${key.rocker.toLowerCase()}`, 'aria-hidden': 'true' }, key.rocker),
      );
  }
  return group;
}

function makeKey(key) {
  const { says, typed = [] } = key;
  const title = `${says} (${key.key})`;
  return element(
    'button',
    {
      type: 'button',
      class: key.small ? 'key small' : 'key',
      'data-key': key.key,
      'data-repeats': key.repeats,
      'aria-label': nameOf(key),
      'aria-keyshortcuts': typed.length > 0 ? typed.map(shortcutName).join(' ') : null,
      title: typed.length > 0 ? `${title}, computer key ${typed.map(capName).join(' or ')}` : title,
    },
    key.icon ? makeIcon(keyIcons[key.icon]) : key.label,
  );
}

/** For the eye only. */
function makeIcon({ path: d, filled }) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', filled ? 'icon filled' : 'icon');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', d);
  svg.append(path);
  return svg;
}

/** As ARIA spells keys. */
function shortcutName(typed) {
  return { ' ': 'Space', '+': 'Plus' }[typed] ?? typed;
}
