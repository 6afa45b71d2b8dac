import { type FleetFilter, headendFields } from '../fleet/filter.ts';

/** Whom an action is for. */
export type Target =
  | { kind: 'boxes'; ids: readonly string[] }
  | { kind: 'group'; group: string }
  | { kind: 'filter'; filter: FleetFilter }
  | { kind: 'all' };
export type TargetKind = Target['kind'];

/** The target that the URL names; the ticked boxes are in no URL. */
export function readTarget(query: URLSearchParams, ticked: ReadonlySet<string>): Target {
  const kind = query.get('target');
  const box = query.get('box');
  if (kind === 'group') return { kind, group: query.get('group') ?? '' };
  if (kind === 'all') return { kind };
  if (kind === 'filter') {
    const filter: FleetFilter = {};
    for (const field of headendFields) {
      const value = query.get(field);
      if (value) Object.assign(filter, { [field]: value });
    }
    return { kind, filter };
  }
  return { kind: 'boxes', ids: box === null ? [...ticked] : [box] };
}

/** The part of `POST /stb/v1/actions` that says whom it is for. */
export function targetBody(target: Target): Record<string, unknown> {
  if (target.kind === 'boxes') return { boxes: target.ids };
  if (target.kind === 'group') return { groups: [target.group] };
  if (target.kind === 'all') return { all: true };
  const { online, ...rest } = target.filter;
  const trimmed = Object.fromEntries(Object.entries(rest).map(([field, value]) => [field, value.trim()]));
  return { filter: { ...trimmed, ...(online === undefined ? {} : { online: online === 'true' }) } };
}

/** Whether it names anybody at all. */
export function isComplete(target: Target): boolean {
  if (target.kind === 'boxes') return target.ids.length > 0;
  return target.kind !== 'group' || target.group !== '';
}
