import type { FleetRow as StoredRow } from '../../../store/fleet-rows.ts';
import type { Action, Box } from '../types.ts';

/** A box as the fleet's list keeps it. Times are milliseconds. */
export type FleetRow = StoredRow & { online: boolean };

/** A whole box as a row; its newest action is not in it. */
export function rowOfBox(box: Box, action: FleetRow['action']): FleetRow {
  const { telemetry } = box;
  const custom = Object.keys(box.customFields).length === 0 ? '' : ` ${JSON.stringify(box.customFields)}`;
  return {
    id: box.id,
    name: box.name,
    mac: box.mac,
    customer: box.customer,
    enabled: box.enabled,
    model: box.model,
    firmware: box.firmware,
    upstream: box.upstream,
    lastSeen: box.lastSeen === null ? null : Date.parse(box.lastSeen),
    more: box.notes + custom,
    groups: box.groups,
    playing: box.playing?.name ?? box.playing?.url ?? null,
    cpuPercent: telemetry?.cpuPercent ?? null,
    freeMemoryPercent: telemetry?.freeMemoryPercent ?? null,
    temperature: telemetry?.temperature ?? null,
    faults: box.faults.length,
    online: box.online,
    action,
  };
}

/** A row whose newest action is this one, unless it has a newer one. Ids sort by age. */
export function withAction(row: FleetRow, action: Action): FleetRow {
  if (row.action !== null && row.action.id > action.id) return row;
  const { id, type, state } = action;
  return { ...row, action: { id, type, state, at: Date.parse(action.changedAt) } };
}
