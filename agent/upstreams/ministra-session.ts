/** How a box is let in: handshake, profile, and the login where the portal asks for one. */
import { isOn, objectIn } from './ministra-answer.ts';
import { isKnown, type PortalProfile, readProfile, refusalOf, statusOf } from './ministra-profile.ts';
import type { Portal } from './ministra-request.ts';

/** What the box says about itself, beside its MAC address. */
export type BoxClaims = {
  model: string;
  serial: string;
  deviceId: string;
  deviceId2: string;
  signature: string;
  imageVersion: string;
  hardwareVersion: string;
  /** The line with the versions of its software; the portal reads the player's out of it. */
  version: string;
  login: string | undefined;
  password: string | undefined;
};

/** Let in, or refused by a portal that knows the box and goes on handing out events. */
export type Session = { token: string; profile: PortalProfile; refusal?: string };

/** The portal does not let the box in; the message says why and what to do. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/**
 * Gets a token and a profile. `saved` is the token that was withdrawn. The newest profile wins at a portal: whoever had a token for this MAC address loses
 * it, so this is for a box that has none.
 */
export async function logIn(portal: Portal, mac: string, claims: BoxClaims, saved?: string): Promise<Session> {
  const asked = 'stb handshake';
  const { token, not_valid, random } = objectIn(await portal.call(asked, { token: saved ?? '' }), asked);
  if (typeof token !== 'string' || token === '') throw new Refused('the portal gave no token in its handshake');
  const params = {
    not_valid_token: isOn(not_valid) ? 1 : 0,
    // From 5.5 on.
    metrics: JSON.stringify({
      mac,
      sn: claims.serial,
      model: claims.model,
      type: 'STB',
      uid: '',
      random: random ?? '',
    }),
  };
  return fetchProfile(portal, mac, claims, token, params);
}

/** The profile for a token that the box has; it stays the portal's token. Throws Refused. */
export async function fetchProfile(
  portal: Portal,
  mac: string,
  claims: BoxClaims,
  token: string,
  more: Record<string, string | number> = {},
): Promise<Session> {
  const asked = 'stb get_profile';
  const ask = async (second: 0 | 1) =>
    objectIn(
      await portal.call(asked, { ...profileParams(claims), ...more, auth_second_step: second }, { token }),
      asked,
    );
  let js = await ask(0);
  if (statusOf(js) === 2) {
    await authenticate(portal, claims, token);
    js = await ask(1);
  }
  if (statusOf(js) === 2)
    throw new Refused('the portal took the login and still asks for one (status 2); ask its operator');
  const session = { token, profile: readProfile(js) };
  if (statusOf(js) === 0) return session;
  const refusal = refusalOf(js, mac);
  if (isKnown(js)) return { ...session, refusal };
  throw new Refused(refusal);
}

async function authenticate(portal: Portal, claims: BoxClaims, token: string): Promise<void> {
  const { login, password, deviceId, deviceId2 } = claims;
  if (login === undefined || password === undefined) {
    throw new Refused(
      'the portal asks for a login (status 2); set upstream.ministra.login and upstream.ministra.password',
    );
  }
  const params = { login, password, device_id: deviceId, device_id2: deviceId2 };
  const granted = await portal.call('stb do_auth', params, { token });
  if (granted !== true) {
    throw new Refused(
      `the portal refused the login ${login}; check upstream.ministra.login and upstream.ministra.password`,
    );
  }
}

function profileParams(claims: BoxClaims) {
  return {
    hd: 1,
    ver: claims.version,
    num_banks: 2,
    sn: claims.serial,
    stb_type: claims.model,
    client_type: 'STB',
    image_version: claims.imageVersion,
    video_out: 'hdmi',
    device_id: claims.deviceId,
    device_id2: claims.deviceId2,
    signature: claims.signature,
    hw_version: claims.hardwareVersion,
    timestamp: Math.floor(Date.now() / 1000),
  };
}
