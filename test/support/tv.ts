import type { KeyName } from '../../agent/protocol/keys.ts';
import type { Fault, Snapshot } from '../../platform/drivers/simulator/index.ts';

/** The TV page of a simulated box, as a viewer uses it. */
export type Tv = {
  /** What `GET /state` answers. */
  state(): Promise<Snapshot>;
  /** The screen as a PNG. */
  screen(): Promise<Buffer>;
  press(key: KeyName): Promise<void>;
  /** Sets a fault from the fault menu. */
  fault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Takes the mains away, gives them back, or both within a moment. */
  mains(change: 'on' | 'cut' | 'blink'): Promise<void>;
};

/** `url` is asked at each use, because the page's port may change when the box starts anew. */
export function openTv(url: () => string): Tv {
  async function request(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(url() + path, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  }

  return {
    state: async () => (await (await request('GET', '/state')).json()) as Snapshot,
    screen: async () => Buffer.from(await (await request('GET', '/screen.png')).arrayBuffer()),
    press: async (key) => void (await request('POST', '/keys', { key })),
    fault: async (fault) => void (await request('POST', '/faults', fault)),
    clearFaults: async () => void (await request('DELETE', '/faults')),
    mains: async (mains) => void (await request('POST', '/power', { mains })),
  };
}
