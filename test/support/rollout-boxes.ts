import type WebSocket from 'ws';
import type { ActionMessage } from '../../agent/protocol/messages.ts';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { hello, openSocketBox, type RawBox, report, type TestHeadend } from './headend.ts';
import type { After } from './undo.ts';

/** What a box makes of an image: it runs it, falls back from it, or takes it and is never heard of again. */
export type Fate = 'healthy' | 'falls-back' | 'silent';

/** A raw client in the place of a box that takes firmware, and what it was asked to install. */
export type FirmwareBox = RawBox & { socket: WebSocket; installs(): string[] };

/** A box that is online and deals with every FIRMWARE as `fateOf` says of its URL. */
export async function openFirmwareBox(
  head: TestHeadend,
  box: DemoBox,
  fateOf: (url: string) => Fate,
  after: After,
): Promise<FirmwareBox> {
  const raw = await openSocketBox(head.headend, box);
  after(() => raw.close());
  const answered = new Set<string>();
  const look = () => {
    for (const action of raw.actions()) {
      if (action.type !== 'FIRMWARE' || answered.has(action.id)) continue;
      answered.add(action.id);
      void install(action).catch(() => undefined);
    }
  };
  raw.socket.on('message', look);
  // What it runs is in its reports; a hello that says otherwise is the test's.
  await raw.say(hello(box, { types: ['MESSAGE', 'FIRMWARE'], capabilities: ['ui', 'firmware'], firmware: undefined }));
  look();

  async function install({ id, params }: ActionMessage): Promise<void> {
    await raw.say(report(id, 'accepted'));
    await raw.say(report(id, 'started'));
    const fate = fateOf(String(params.firmware));
    if (fate === 'healthy') await raw.say(report(id, 'done', { result: { from: '1.0.0', to: '2.0.0' } }));
    if (fate !== 'falls-back') return;
    const message = 'the new firmware did not prove healthy; the old one runs';
    await raw.say(report(id, 'failed', { error: { code: 'FELL_BACK', message, retryable: false } }));
  }

  const installs = () => raw.actions().filter(({ type }) => type === 'FIRMWARE');
  return { ...raw, installs: () => installs().map(({ params }) => String(params.firmware)) };
}
