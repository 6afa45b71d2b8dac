import { until } from './until.ts';

/** A wave as the API answers it. */
export type WaveAnswer = {
  percent: number;
  boxes: number;
  waiting: number;
  running: number;
  healthy: number;
  failed: number;
  cancelled: number;
  excused: number;
  begunAt: string | null;
  metAt: string | null;
  reasons: { code: string | null; message: string | null; count: number }[];
};

/** A rollout as `GET /stb/v1/rollouts/{id}` answers it, as far as tests look. */
export type RolloutAnswer = {
  id: string;
  name: string;
  firmware: string;
  state: string;
  wave: number;
  waves: WaveAnswer[];
  boxes: number;
  leftOut: number;
  partial: boolean;
  reason: string | null;
  back: { firmware: string; running: number; done: number; failed: number } | null;
  members: {
    total: number;
    items: {
      box: string;
      wave: number;
      state: string;
      action: string | null;
      code: string | null;
      back: { action: string; state: string } | null;
    }[];
  };
};

export type RolloutsApi = {
  /** `POST /stb/v1/rollouts`; resolves with the answer's status and body. */
  begin(body: object): Promise<{ status: number; body: RolloutAnswer }>;
  get(id: string): Promise<RolloutAnswer>;
  order(id: string, order: 'pause' | 'resume' | 'stop' | 'rollback', body?: object): Promise<number>;
  /** Resolves when `isSo` of the rollout. */
  until(
    id: string,
    what: string,
    isSo: (rollout: RolloutAnswer) => boolean,
    timeoutMs?: number,
  ): Promise<RolloutAnswer>;
};

/** The rollouts of a headend; `url` is asked for each time, as a headend that was restarted may have another one. */
export function openRolloutsApi(url: () => string, token: string): RolloutsApi {
  async function call(path: string, body?: object): Promise<{ status: number; body: RolloutAnswer }> {
    const response = await fetch(`${url()}/stb/v1/rollouts${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as RolloutAnswer };
  }
  const get = async (id: string) => (await call(`/${id}?limit=500`)).body;
  return {
    begin: (body) => call('', body),
    get,
    order: async (id, order, body = {}) => (await call(`/${id}/${order}`, body)).status,
    async until(id, what, isSo, timeoutMs) {
      let last: RolloutAnswer | undefined;
      return until(
        async () => {
          last = await get(id);
          return isSo(last) && last;
        },
        what,
        timeoutMs,
        40,
      ).catch((error) => {
        throw new Error(`${error.message}; it is ${JSON.stringify(last)}`, { cause: error });
      });
    },
  };
}
