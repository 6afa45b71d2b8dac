import type { Store } from '../store/store.ts';

/** Who an MQTT client is; an administrator as long as its token and its role are what they were. */
export type MqttIdentity = { kind: 'box'; box: string } | { kind: 'admin'; isStill(): boolean };

/** A box by its id or MAC and its token, or an administrator by an ADMIN token; undefined for anybody else. */
export function identify(
  store: Store,
  username: string | undefined,
  password: string | undefined,
): MqttIdentity | undefined {
  if (username === undefined || password === undefined) return undefined;
  const owner = store.tokens.owner(password);
  if (owner === undefined) return undefined;
  if (owner.kind === 'user') {
    const isStill = () => store.tokens.owner(password)?.id === owner.id && store.users.get(owner.id)?.role === 'ADMIN';
    return isStill() ? { kind: 'admin', isStill } : undefined;
  }
  const box = store.boxes.find(username);
  return box !== undefined && box.id === owner.id && box.enabled ? { kind: 'box', box: box.id } : undefined;
}
