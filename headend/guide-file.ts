import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Logger } from 'pino';
import { headendLimits } from './limits.ts';
import type { Store } from './store/store.ts';
import { unpacked } from './unpacked.ts';
import { readXmltv, type XmltvCount } from './xmltv.ts';

/** Takes the programmes of an XMLTV stream into the store, and forgets what has long been over. */
export async function takeGuide(store: Store, chunks: AsyncIterable<Uint8Array>): Promise<XmltvCount> {
  const since = Date.now() - headendLimits.programmeKeepMs;
  const count = await readXmltv(chunks, async (programmes) => {
    const wanted = programmes.filter(({ end }) => end >= since);
    await store.commit(() => store.programmes.take(wanted));
  });
  await store.commit(() => store.programmes.forget(since));
  return count;
}

/** Reads an XMLTV file now and whenever it has changed, until the function returned is called. A file that cannot be read is looked at again. */
export function followGuide(store: Store, file: string, log: Logger): () => void {
  let readAt = 0;
  let reading = false;

  async function look(): Promise<void> {
    if (reading) return;
    reading = true;
    try {
      const { mtimeMs } = await stat(file);
      if (mtimeMs === readAt) return;
      readAt = mtimeMs;
      log.info({ file, ...(await takeGuide(store, unpacked(createReadStream(file)))) }, 'programme guide read');
    } catch (error) {
      log.warn(
        { file, error: String(error) },
        'the programme guide cannot be read; it is looked at again when it has changed',
      );
    } finally {
      reading = false;
    }
  }

  void look();
  const timer = setInterval(look, headendLimits.guideLookMs).unref();
  return () => clearInterval(timer);
}
