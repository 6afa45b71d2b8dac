import { byId, element } from './element.js';
import { capName, keyGroups, keyTyped } from './shared/keys.js';

/** Lets the computer's keyboard press the remote's keys, unless the viewer is typing into a field or switched it off. */
export function createKeyboard(use) {
  const on = byId('keyboard-on');
  document.addEventListener('keydown', (event) => {
    if (!on.checked || belongsElsewhere(event)) return;
    const key = keyTyped(event);
    if (!key || (event.repeat && !key.repeats)) return;
    event.preventDefault();
    use(key.key);
  });

  const keys = keyGroups.flatMap((group) => group.keys).filter((key) => key.typed);
  const digits = { says: 'Numbers', typed: ['0 – 9'] };
  for (const { says, typed } of [digits, ...keys.filter(({ key }) => !key.startsWith('NUM'))]) {
    const caps = typed.map((each) => element('kbd', {}, capName(each)));
    byId('keyboard-map').append(element('div', {}, element('dt', {}, ...caps), element('dd', {}, says)));
  }
}

/** A field takes all keys; a button, link or list that has the focus takes those that work it. */
function belongsElsewhere({ target, key }) {
  if (target.matches('select, textarea, input:not([type=checkbox]):not([type=radio])')) return true;
  if (target.matches('button, summary, a, input')) return key === 'Enter' || key === ' ' || target.type === 'radio';
  return target.id === 'log' && /^(Arrow|Page|Home|End)/.test(key);
}
