import { send } from './connection.js';
import { byId, element } from './element.js';

/** The parts of a box, as the platform contract names them. */
export const capabilities = [
  'power',
  'audio',
  'keys',
  'display',
  'player',
  'tuner',
  'ui',
  'firmware',
  'network',
  'management',
  'script',
];
/** The steps in the life of an action at which the box can be struck. */
export const steps = ['accept', 'begin', 'remember', 'finish', 'acknowledge'].flatMap((step) => [
  `journal.${step}.before`,
  `journal.${step}.after`,
]);
export const actionTypes = [
  'MESSAGE',
  'VIDEO',
  'PLAYCHANNEL',
  'SWITCH_OFF',
  'CHANNELS',
  'UI',
  'REBOOT',
  'DVB',
  'SCREENSHOT',
  'SPEEDTEST',
  'MANAGEMENT',
  'SCRIPT',
  'JS',
  'FIRMWARE',
  'PLAYRADIOCHANNEL',
  'UIDEBUG',
  'VOLUME',
  'EMULATEKEYS',
];

/** Each kind of fault: its name, what it does in plain words, and what there is to choose. */
const kinds = [
  {
    kind: 'slow',
    title: 'Slow',
    says: 'Every call takes longer: a busy processor, a worn flash.',
    fields: ['capability?', 'ms'],
  },
  {
    kind: 'fail',
    title: 'Failing',
    says: 'One part of the hardware answers every call with an error.',
    fields: ['capability'],
  },
  {
    kind: 'hang',
    title: 'Hanging',
    says: 'One part never answers. The deadline of the action must end the wait.',
    fields: ['capability'],
  },
  {
    kind: 'kill',
    title: 'Agent killed',
    says: 'The agent’s process dies at a step of an action, once. The box stays on.',
    fields: ['step', 'type'],
  },
  {
    kind: 'power-cut',
    title: 'Power cut',
    says: 'The plug is pulled at a step of an action, once, and comes back.',
    fields: ['step', 'type'],
  },
  {
    kind: 'disk-full',
    title: 'Disk full',
    says: 'Nothing more can be stored, until the fault is cleared.',
    fields: [],
  },
];

/** The fault menu: what is set now, and a form to set more. */
export function createFaults() {
  const form = byId('fault-form');
  form.append(makeKinds(), makeFields(), element('button', { class: 'primary' }, 'Set this fault'));
  form.addEventListener('change', () => showFields(form));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(() => send('POST', '/faults', read(form)), 'Set.');
  });
  byId('active-faults').addEventListener('click', (event) => {
    const kind = event.target.closest('button')?.dataset.clear;
    if (kind !== undefined) attempt(() => send('DELETE', kind ? `/faults?kind=${kind}` : '/faults'), 'Cleared.');
  });
  showFields(form);
  let shown;
  return {
    show({ faults }) {
      const now = JSON.stringify(faults);
      if (now !== shown) byId('active-faults').replaceChildren(...makeActive(faults));
      shown = now;
    },
  };
}

async function attempt(request, done) {
  const note = byId('fault-note');
  try {
    await request();
    note.textContent = done;
  } catch (error) {
    note.textContent = error.message;
  }
}

function makeKinds() {
  const choices = kinds.map(({ kind, title, says }, index) =>
    element(
      'label',
      { class: 'choice' },
      element('input', { type: 'radio', name: 'kind', value: kind, checked: index === 0 }),
      element('span', {}, element('strong', {}, title), element('span', { class: 'faint' }, says)),
    ),
  );
  return element('fieldset', { class: 'choices' }, element('legend', { class: 'unseen' }, 'Kind of fault'), ...choices);
}

function makeFields() {
  return element(
    'div',
    { class: 'fields' },
    makeSelect('capability', 'Part of the box', [['', 'all of them'], ...capabilities.map((name) => [name, name])]),
    element(
      'label',
      { 'data-field': 'ms' },
      'Milliseconds',
      element('input', { name: 'ms', type: 'number', min: 0, max: 600_000, step: 1, value: 2_000, required: true }),
    ),
    makeSelect(
      'step',
      'Step',
      steps.map((name) => [name, name]),
    ),
    makeSelect('type', 'Action', [['', 'any'], ...actionTypes.map((name) => [name, name])]),
  );
}

function makeSelect(name, label, options) {
  const choices = options.map(([value, text]) => element('option', { value }, text));
  return element('label', { 'data-field': name }, label, element('select', { name }, ...choices));
}

/** Shows only the fields that belong to the chosen kind. */
function showFields(form) {
  const { fields } = kinds.find(({ kind }) => kind === form.elements.kind.value);
  for (const label of form.querySelectorAll('[data-field]')) {
    const name = label.dataset.field;
    const wanted = fields.includes(name) || fields.includes(`${name}?`);
    label.hidden = !wanted;
    label.querySelector('select, input').disabled = !wanted;
  }
  const all = form.elements.capability.options[0];
  all.hidden = all.disabled = !fields.includes('capability?');
  if (all.disabled && form.elements.capability.value === '') form.elements.capability.value = 'player';
}

function read(form) {
  const entries = [...new FormData(form)].filter(([, value]) => value !== '');
  return Object.fromEntries(entries.map(([name, value]) => [name, name === 'ms' ? Number(value) : value]));
}

function makeActive(faults) {
  if (faults.length === 0)
    return [element('p', { class: 'faint' }, 'All is well with this box. Choose what should go wrong:')];
  const items = faults.map((fault) =>
    element('li', {}, element('span', {}, describe(fault)), makeClear(fault.kind, `Clear ${fault.kind}`)),
  );
  return [
    element('ul', { class: 'active', 'aria-label': 'Faults that are set' }, ...items),
    makeClear('', 'Clear all'),
  ];
}

function makeClear(kind, label) {
  return element('button', { type: 'button', class: 'plain', 'data-clear': kind }, label);
}

function describe({ kind, capability, ms, step, type }) {
  const title = kinds.find((each) => each.kind === kind)?.title ?? kind;
  const parts = [capability ?? (kind === 'slow' ? 'everything' : null), ms && `${ms} ms`, step, type];
  return [title, ...parts].filter(Boolean).join(' · ');
}
