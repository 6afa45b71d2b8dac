import * as v from 'valibot';
import { reportSchema, telemetrySchema } from '../../../agent/protocol/messages.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { actionStates } from '../../store/action-states.ts';
import type { Action } from '../../store/actions.ts';
import type { Box } from '../../store/boxes.ts';
import { toInstant } from '../read.ts';
import { typesOf } from './abilities.ts';

const instantText = v.pipe(v.string(), v.description('RFC 3339.'));
const object = v.record(v.string(), v.unknown());

export const boxView = v.object({
  id: v.string(),
  mac: v.nullable(v.string()),
  name: v.string(),
  customer: v.string(),
  enabled: v.boolean(),
  streamOnly: v.boolean(),
  notes: v.string(),
  customFields: object,
  groups: v.array(v.string()),
  online: v.boolean(),
  lastSeen: v.nullable(instantText),
  upstream: v.nullable(v.pipe(v.string(), v.description('The upstream it was last heard over.'))),
  model: v.nullable(v.string()),
  firmware: v.nullable(v.string()),
  agent: v.nullable(v.string()),
  bootId: v.nullable(v.string()),
  bootReason: v.nullable(v.string()),
  timezone: v.nullable(v.string()),
  types: v.pipe(v.array(v.string()), v.description('What it can be asked for; none while that is not known.')),
  capabilities: v.array(v.string()),
  faults: v.array(v.string()),
  telemetry: v.nullable(telemetrySchema),
  playing: v.nullable(object),
});

/** A box as the own API shows it. */
export function viewBox(fleet: Fleet, box: Box): v.InferOutput<typeof boxView> {
  const { hello, telemetry } = box;
  return {
    id: box.id,
    mac: box.mac,
    name: box.name,
    customer: box.customer,
    enabled: box.enabled,
    streamOnly: box.streamOnly,
    notes: box.notes,
    customFields: box.customFields,
    groups: fleet.store.groups.ofBox(box.id),
    online: fleet.presence.isOnline(box.id),
    lastSeen: toInstant(box.lastSeen),
    upstream: box.upstream,
    model: box.model,
    firmware: box.firmware,
    agent: hello?.agent ?? null,
    bootId: hello?.bootId ?? null,
    bootReason: hello?.bootReason ?? null,
    timezone: hello?.timezone ?? null,
    types: [...typesOf(box)],
    capabilities: hello?.capabilities ?? [],
    faults: telemetry?.faults ?? hello?.faults ?? [],
    telemetry,
    playing: telemetry?.playing ?? null,
  };
}

export const actionView = v.object({
  seq: v.pipe(v.number(), v.description('Its place in the list: what `before` takes.')),
  id: v.string(),
  box: v.string(),
  type: v.string(),
  params: object,
  state: v.picklist(actionStates),
  createdAt: instantText,
  changedAt: instantText,
  when: v.nullable(instantText),
  expires: v.nullable(instantText),
  spread: v.nullable(v.number()),
  cancelAsked: v.boolean(),
  portalEvent: v.pipe(
    v.nullable(v.number()),
    v.description(
      "The number under which a box was given it over Ministra's protocol, which reports nothing but that a message was seen: a command stays `delivered`.",
    ),
  ),
  progress: v.nullable(object),
  result: v.nullable(object),
  error: v.nullable(v.object({ code: v.string(), message: v.string(), retryable: v.boolean() })),
  artifact: v.nullable(v.object({ contentType: v.string(), bytes: v.number(), sha256: v.string(), url: v.string() })),
});

/** An action as the own API shows it. */
export function viewAction(fleet: Fleet, action: Action): v.InferOutput<typeof actionView> {
  const artifact = fleet.store.artifacts.get(action.id);
  return {
    seq: action.seq,
    id: action.id,
    box: action.box,
    type: action.type,
    params: action.params,
    state: action.state,
    createdAt: new Date(action.createdAt).toISOString(),
    changedAt: new Date(action.changedAt).toISOString(),
    when: toInstant(action.when),
    expires: toInstant(action.expires),
    spread: action.spread,
    cancelAsked: action.cancelAsked,
    portalEvent: action.portalEvent,
    progress: action.progress,
    result: action.result,
    error: action.error,
    artifact:
      artifact === undefined
        ? null
        : {
            contentType: artifact.contentType,
            bytes: artifact.bytes,
            sha256: artifact.sha256,
            url: `/stb/v1/artifacts/${action.id}`,
          },
  };
}

export const reportView = v.object({ ...reportSchema.entries, receivedAt: instantText });

/** A list as every call of the own API answers it. */
export function listOf(item: v.GenericSchema) {
  return v.object({ offset: v.number(), limit: v.number(), total: v.number(), items: v.array(item) });
}
