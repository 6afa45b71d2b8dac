import type { Report } from '../../agent/protocol/messages.ts';
import { isFinal } from '../../agent/protocol/messages.ts';
import type { ActionType } from '../../agent/protocol/params.ts';
import { until } from './until.ts';

/** An action as `GET /stb/v1/actions/{id}` answers it. */
export type ActionAnswer = {
  id: string;
  box: string;
  type: ActionType;
  params: Record<string, unknown>;
  state: string;
  when: string | null;
  result: Record<string, unknown> | null;
  error: { code: string; message: string } | null;
  artifact: { contentType: string; bytes: number; sha256: string; url: string } | null;
  reports: Report[];
};

/** A box as `GET /stb/v1/boxes/{id}` answers it, as far as tests look. */
export type BoxAnswer = { id: string; online: boolean; upstream: string; bootId: string; faults: string[] };

/** A headend's HTTP API, as an administrator uses it. */
export type HeadendApi = {
  get(path: string): Promise<Response>;
  /** `POST /stb/v1/actions` for one box; resolves with the id of the action. */
  act(box: string, type: ActionType, params?: object, more?: { when?: string; expires?: string }): Promise<string>;
  action(id: string): Promise<ActionAnswer>;
  cancel(id: string): Promise<void>;
  /** Resolves when the action has reached `state`, or any final one where none is named. */
  reached(id: string, state?: string): Promise<ActionAnswer>;
  /** Resolves when the action is done and nothing of it goes on: its result says how it ended. */
  ended(id: string): Promise<ActionAnswer>;
  /** Every action of a box, the newest first. */
  actionsOf(box: string): Promise<ActionAnswer[]>;
  box(id: string): Promise<BoxAnswer>;
  /** Resolves when the box is online. */
  online(id: string): Promise<void>;
};

const pageSize = 500;
/** How often a state is asked for. */
const lookMs = 40;

export function openHeadendApi(url: string, token: string): HeadendApi {
  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, ...init.headers };
    const response = await fetch(url + path, { ...init, headers });
    if (response.ok) return response;
    throw new Error(`${init.method ?? 'GET'} ${path} answered ${response.status}: ${await response.text()}`);
  }

  const json = async <T>(path: string) => (await (await request(path)).json()) as T;
  const action = (id: string) => json<ActionAnswer>(`/stb/v1/actions/${id}`);
  const box = (id: string) => json<BoxAnswer>(`/stb/v1/boxes/${id}`);

  /** Resolves when the action is as it should be; else says how it is. */
  async function see(id: string, wanted: string, is: (action: ActionAnswer) => boolean): Promise<ActionAnswer> {
    let last: ActionAnswer | undefined;
    const look = async () => {
      last = await action(id);
      return is(last) && last;
    };
    return until(look, `${id} to reach ${wanted}`, 60_000, lookMs).catch((error) => {
      throw new Error(`${error.message}; it is ${JSON.stringify(last)}`, { cause: error });
    });
  }

  return {
    get: request,
    action,
    box,
    cancel: async (id) => void (await request(`/stb/v1/actions/${id}`, { method: 'DELETE' })),
    async act(box, type, params = {}, more = {}) {
      const response = await request('/stb/v1/actions', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ boxes: [box], type, params, ...more }),
      });
      const { actions } = (await response.json()) as { actions: { id: string }[] };
      if (actions[0]) return actions[0].id;
      throw new Error(`${type} was skipped: the same one is pending`);
    },
    reached: (id, state) =>
      see(id, state ?? 'a final state', (action) =>
        state === undefined ? isFinal(action.state) : action.state === state,
      ),
    ended: (id) => see(id, 'its end', ({ result }) => result?.ended !== undefined),
    async actionsOf(box) {
      const found: ActionAnswer[] = [];
      for (let total = 1; found.length < total; ) {
        const path = `/stb/v1/actions?box=${box}&limit=${pageSize}&offset=${found.length}`;
        const page = await json<{ total: number; items: ActionAnswer[] }>(path);
        total = page.total;
        found.push(...page.items);
        if (page.items.length === 0) break;
      }
      return found;
    },
    async online(id) {
      await until(async () => (await box(id)).online, `${id} to be online`, 30_000, lookMs);
    },
  };
}

/** The final reports of an action that the headend has; there must be one. */
export function finalReports({ reports }: ActionAnswer): Report[] {
  return reports.filter(({ state }) => isFinal(state));
}
