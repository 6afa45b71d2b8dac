import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { actions, portalActions } from '../../agent/actions/index.ts';
import { lineupSchema } from '../../agent/protocol/lineup.ts';
import {
  ackSchema,
  actionSchema,
  cancelSchema,
  helloSchema,
  reportSchema,
  telemetrySchema,
} from '../../agent/protocol/messages.ts';
import { actionTypes, boxParamSchemas, portalActionTypes } from '../../agent/protocol/params.ts';

const messages = {
  action: [actionSchema, 'An action, from the headend to a box'],
  cancel: [cancelSchema, 'Takes an action back that has not started'],
  ack: [ackSchema, 'The headend has stored a final report'],
  report: [reportSchema, 'What a box says about one action'],
  hello: [helloSchema, 'Who a box is and what it can do'],
  telemetry: [telemetrySchema, 'How a box is'],
  lineup: [lineupSchema, 'What a box may watch: the answer of GET /stb/v1/lineup'],
} as const;

/** JSON Schemas by name: each message of the protocol, and the parameters of each action type. */
export function schemas(): Record<string, JsonSchema> {
  const ofMessages = Object.entries(messages).map(([name, [schema, title]]) => [name, { title, ...convert(schema) }]);
  const definitions = { ...actions, ...portalActions };
  const ofParams = [...actionTypes, ...portalActionTypes].map((type) => [
    type,
    { title: `The parameters of ${type}`, description: definitions[type].summary, ...convert(boxParamSchemas[type]) },
  ]);
  return Object.fromEntries([...ofMessages, ...ofParams]);
}

/** What may be sent. Checks that JSON Schema cannot express are left out; the box makes them all the same. */
export function convert(schema: v.GenericSchema): JsonSchema {
  const { $schema, ...rest } = toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' });
  return { ...($schema && { $schema }), ...rest };
}
