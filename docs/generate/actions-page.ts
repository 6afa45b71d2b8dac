import type { JsonSchema } from '@valibot/to-json-schema';
import type { ActionDefinition, ActionSettings } from '../../agent/action.ts';
import { actions, portalActions } from '../../agent/actions/index.ts';
import { options } from '../../agent/config-options.ts';
import { keyNames } from '../../agent/protocol/keys.ts';
import {
  actionTypes,
  type BoxActionType,
  boxParamSchemas,
  isActionType,
  portalActionTypes,
} from '../../agent/protocol/params.ts';
import { examples } from './examples.ts';
import { block, code, page, table } from './markdown.ts';
import { typeOf } from './parameter.ts';
import { convert } from './schemas.ts';

const intro = `# Actions

What a headend can ask of a box. This page is made from the definitions in \`agent/actions\` and the schemas in \`agent/protocol/params.ts\`; the JSON Schemas
are in [schemas](schemas). The types and parameters are those of Telecom X's group action; \`duration\`, \`lifetime\` and \`gap\` are ours.

Every action ends in exactly one final report: \`done\` with the result below, or \`failed\`, \`refused\`, \`expired\` or \`cancelled\` with one of the
[error codes](errors.md). Four things hold for each type:

- **Needs.** A box without a needed capability refuses with \`UNSUPPORTED\` and its name.
- **After a crash.** What happens when the agent or the box stops in the middle. An action that *runs again* has the same effect twice as once. One that is *settled*
  asks the box what happened and never runs twice. Any other ends as \`INTERRUPTED\`.
- **One at a time.** Actions of one group run one after the other; those of the group \`box\` wait for what runs, and run alone.
- **Deadline.** After it the action is given up with \`TIMEOUT\`.`;

const portalIntro = `# What a portal adds

The events of a [Ministra portal](ministra.md) ask for more than the eighteen types have. These types travel on every upstream of the box protocol, but Telecom X's
API does not know them.`;

const definitions = { ...actions, ...portalActions };

/** The action reference. */
export function actionsPage(): string {
  return page(
    intro,
    overview(actionTypes),
    ...actionTypes.map(section),
    portalIntro,
    overview(portalActionTypes),
    ...portalActionTypes.map(section),
  );
}

function overview(types: readonly BoxActionType[]): string {
  return table(
    ['type', 'what it does', 'needs', 'after a crash', 'group'],
    types.map((type) => {
      const { summary, capabilities, group } = definitions[type];
      const link = `[${type}](#${type.toLowerCase()})`;
      return [link, firstSentence(summary), list(capabilities) || '–', afterCrash(definitions[type]), group ?? '–'];
    }),
  );
}

function section(type: BoxActionType): string {
  const definition: ActionDefinition = definitions[type];
  if (definition.unsupported !== undefined)
    return `## ${type}\n\n${definition.summary} Always refused with \`UNSUPPORTED\`: ${definition.unsupported}.`;
  const schema = convert(boxParamSchemas[type]);
  const parameters = Object.entries(schema.properties ?? {});
  const required = new Set(schema.required);
  const deadline = definition.deadlineMs(examples[type], defaults);
  const varies = definition.deadlineMs.length > 0;
  const facts = [
    `Needs: ${list(definition.capabilities) || 'nothing'}`,
    `After a crash: ${afterCrash(definition)}`,
    `One at a time: ${definition.group === null ? 'no' : `group ${code(definition.group)}`}`,
    `Deadline: ${inWords(deadline)}${varies ? ' in the example' : ''}`,
  ];
  return [
    `## ${type}`,
    definition.summary,
    `${facts.join(' · ')}`,
    parameters.length === 0 ? 'No parameters.' : parameterTable(parameters as [string, JsonSchema][], required),
    table(
      ['result', ''],
      Object.entries(definition.result).map(([name, meaning]) => [code(name), meaning]),
    ),
    block('json', oneLine({ v: 1, kind: 'action', id: '0193a5c0de0011aa22bb33cc', type, params: examples[type] })),
    isActionType(type)
      ? block('http', `GET /iptv/device/action?group=64b7f0a1c2d3e4f5a6b7c8d0&type=${type}${query(examples[type])}`)
      : '',
    type === 'EMULATEKEYS' ? `The keys: ${keyNames.map(code).join(', ')}.` : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function parameterTable(parameters: [string, JsonSchema][], required: Set<string>): string {
  return table(
    ['parameter', 'type', ''],
    parameters.map(([name, schema]) => [
      required.has(name) ? `**${code(name)}**` : code(name),
      typeOf(schema),
      `${schema.description ?? ''}${required.has(name) ? '' : ' Optional.'}`,
    ]),
  );
}

/** The settings of a box that configures nothing. */
const defaults: ActionSettings = {
  switchOff: 'standby',
  messageSeconds: options['message.seconds'].fallback,
  keyGapMs: options['keys.gap_ms'].fallback,
  speedtest: { url: undefined, seconds: options['speedtest.seconds'].fallback },
  management: undefined,
  firmware: { url: undefined, confirmSeconds: options['firmware.confirm_seconds'].fallback },
  debugServer: '',
};

function afterCrash(definition: Pick<ActionDefinition, 'idempotent'> & { settle?: unknown }): string {
  if (definition.idempotent) return 'runs again';
  return definition.settle === undefined ? code('INTERRUPTED') : 'settled';
}

function list(names: readonly string[]): string {
  return names.map(code).join(', ');
}

function firstSentence(text: string): string {
  return /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
}

function inWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds >= 300 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** JSON as people write it. */
function oneLine(value: unknown): string {
  return JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
}

/** Parameters as a query string; a list is sent as comma-separated names. */
function query(params: Record<string, unknown>): string {
  return Object.entries(params)
    .map(([name, value]) => `&${name}=${encodeURIComponent(String(value)).replaceAll('%2C', ',')}`)
    .join('');
}
