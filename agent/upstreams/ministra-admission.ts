import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { encode } from '../protocol/messages.ts';
import type { UpstreamLink } from '../upstream.ts';
import { createBackOff } from './back-off.ts';
import { PortalError } from './ministra-answer.ts';
import { profileActionId } from './ministra-id.ts';
import { ministraLimits } from './ministra-limits.ts';
import type { Memory } from './ministra-memory.ts';
import type { Portal } from './ministra-request.ts';
import { type BoxClaims, fetchProfile, logIn, type Session } from './ministra-session.ts';

/**
 * Keeps the box in at a portal.
 *
 * INVARIANTS
 * - While the token works there is no handshake and no profile with another token: either throws whoever has the MAC address out, the portal's own page too.
 * - A new token is asked for only after `Authorization failed.`, each time later, until one has held for long: two devices with one MAC address would
 *   otherwise throw each other out without end.
 * - A box that was switched off and is let in again is freed: a portal sends `cut_on` only to some, once, and drops it after minutes.
 */
export interface Admission {
  /** A session: the one of before, where there is one, else a new one. Rejects with why the box is not let in. */
  admit(portal: Portal, signal: AbortSignal): Promise<Session>;
  /** Takes what ended a session into account at the next admission. */
  learn(error: unknown): Promise<void>;
  /** The portal answers as to a box that it knows. */
  known(): void;
  /** The portal answers as to a box that it does not know: its profile is asked for once more, which registers it. False when that was of no use. */
  introduceAgain(): boolean;
}

export function createAdmission(options: {
  mac: string;
  claims: BoxClaims;
  memory: Memory;
  link: UpstreamLink;
  log: Logger;
}): Admission {
  const { mac, claims, memory, link, log } = options;
  const backOff = createBackOff(ministraLimits.newTokenMs);
  let withdrawn: string | undefined;
  let admittedAt = performance.now();
  let asksProfile = memory.isOff();
  /** The profile was asked for since the portal last answered as to a box that it knows. */
  let introduced = false;

  async function newToken(portal: Portal, signal: AbortSignal): Promise<Session> {
    if (withdrawn !== undefined) {
      const waitMs = Math.round(backOff.next());
      log.info({ waitMs }, 'the token was withdrawn; a new one is asked for after a while');
      await wait(waitMs, undefined, { signal });
    }
    return logIn(portal, mac, claims, withdrawn);
  }

  return {
    async admit(portal, signal) {
      const kept = memory.session();
      if (kept !== undefined && !asksProfile) return kept;
      const session =
        kept === undefined ? await newToken(portal, signal) : await fetchProfile(portal, mac, claims, kept.token);
      const off = session.refusal !== undefined;
      if (memory.isOff() && !off) {
        log.info('the operator has switched this box on again');
        await link.receive(encode({ v: 1, kind: 'action', id: profileActionId(), type: 'CUT_ON', params: {} }));
      }
      introduced = true;
      asksProfile = off;
      admittedAt = performance.now();
      await memory.save({ token: session.token, profile: session.profile, off });
      log.info({ new: kept === undefined }, 'let in by the portal');
      return session;
    },
    async learn(error) {
      if (!(error instanceof PortalError)) return;
      if (error.kind === 'denied') asksProfile = true;
      if (error.kind !== 'token') return;
      if (performance.now() - admittedAt > ministraLimits.quietTokenMs) backOff.reset();
      withdrawn = memory.session()?.token ?? withdrawn;
      await memory.forgetToken();
    },
    known() {
      introduced = false;
    },
    introduceAgain() {
      if (introduced) return false;
      asksProfile = true;
      return true;
    },
  };
}
