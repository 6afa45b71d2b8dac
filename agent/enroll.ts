/**
 * `stb-agent enroll`: pairs this box with a headend by a code that stands on its screen, over Telecom X's reserve code.
 *
 * INVARIANTS
 * - The token is on disk, readable by its owner only, before the box says that it is paired.
 * - It is handed out for an id that this run made at random and nobody else knows; the code alone gets nobody a token.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import type { BoxIdentity } from '../platform/contract.ts';
import { replaceFile } from './atomic-file.ts';
import { type Config, ConfigError } from './config.ts';
import { keepEnrolledId } from './enrolment.ts';
import { openEnrolmentScreen } from './enrolment-screen.ts';
import { headendUrl } from './settings.ts';

/** The pace of asking. Times are milliseconds. */
const pace = { askMs: 2_000, requestMs: 15_000, giveUpMs: 3_600_000 };

const answerSchema = v.object({
  code: v.pipe(v.string(), v.minLength(1), v.maxLength(20)),
  token: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(4_096))),
  _id: v.optional(v.string()),
});
type Answer = v.InferOutput<typeof answerSchema>;

/** The headend has said no, and will say it again. */
class Refused extends Error {}

/** Shows the code until somebody has entered it; resolves with the id of the box. Throws when `signal` is aborted, or nobody enters it in an hour. */
export async function enroll(config: Config, say: (line: string) => void, signal: AbortSignal): Promise<string> {
  const { url, tokenFile } = settingsOf(config);
  const screen = await openEnrolmentScreen(config, signal);
  try {
    const { identity } = screen;
    say(`pairing box ${identity.mac} with ${url}`);
    const paired = await askUntilPaired(url, identity, signal, async (code) => {
      await screen.show(code);
      say(`code ${code}: enter it at the headend within five minutes`);
    });
    const box = paired.box ?? identity.id;
    mkdirSync(dirname(tokenFile), { recursive: true, mode: 0o700 });
    if (box !== identity.id) await keepEnrolledId(config.state_dir, box);
    await replaceFile(tokenFile, `${paired.token}\n`);
    say(`paired: this is box ${box}; the token is in ${tokenFile}`);
    const next = await screen.paired(box);
    if (next !== undefined) say(next);
    return box;
  } finally {
    await screen.close();
  }
}

function settingsOf(config: Config): { url: string; tokenFile: string } {
  const url = headendUrl(config);
  const tokenFile = config['headend.token_file'];
  if (url === undefined) throw new ConfigError('enroll: headend.url is not set; set it to the address of the headend');
  if (tokenFile === null) throw new ConfigError('enroll: headend.token_file is not set; it is where the token is kept');
  if (config['headend.token'] !== null) {
    throw new ConfigError('enroll: headend.token is set and would win; remove it from the configuration');
  }
  if (existsSync(tokenFile) && readFileSync(tokenFile, 'utf8').trim() !== '') {
    throw new ConfigError(`enroll: ${tokenFile} holds a token already; delete the file to pair this box anew`);
  }
  return { url, tokenFile };
}

/** Asks again and again; `show` is told of every code that is new. What may pass is tried again. */
async function askUntilPaired(
  url: string,
  identity: BoxIdentity,
  signal: AbortSignal,
  show: (code: string) => Promise<void>,
): Promise<{ token: string; box: string | undefined }> {
  const query = new URLSearchParams({
    deviceId: randomBytes(16).toString('hex'),
    type: 'STB',
    model: identity.model,
    mac: identity.mac,
    box: identity.id,
    ...(identity.serial === undefined ? {} : { serial: identity.serial }),
  });
  const end = performance.now() + pace.giveUpMs;
  let shown: string | undefined;
  let failure: unknown;
  while (performance.now() < end) {
    try {
      const { code, token, _id } = await ask(`${url}/iptv/app/reservecode?${query}`, signal);
      if (token !== undefined) return { token, box: _id };
      if (code !== shown) await show(code);
      shown = code;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Refused || shown === undefined) throw error;
      failure = error;
    }
    await wait(pace.askMs, undefined, { signal });
  }
  throw new Error(`nobody entered the code within ${pace.giveUpMs / 60_000} minutes; run stb-agent enroll again`, {
    cause: failure,
  });
}

async function ask(address: string, signal: AbortSignal): Promise<Answer> {
  const { default: fetch } = await import('node-fetch');
  const asked = new URL(address).origin;
  const response = await fetch(address, {
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(pace.requestMs)]),
  }).catch((cause) => {
    throw new Error(`asking ${asked} for a code: ${cause.message}; check headend.url and the network`, { cause });
  });
  const text = await response.text();
  if (response.status >= 400 && response.status < 500 && response.status !== 429) {
    throw new Refused(`asking ${asked} for a code: it answered ${response.status} ${text.slice(0, 200)}`);
  }
  if (!response.ok) throw new Error(`asking ${asked} for a code: it answered ${response.status} ${text.slice(0, 200)}`);
  try {
    return v.parse(answerSchema, JSON.parse(text));
  } catch (cause) {
    throw new Refused(`asking ${asked} for a code: the answer is none; is it a headend?`, { cause });
  }
}
