import { get, type IncomingMessage } from 'node:http';
import { messageOf, PlatformError } from '../../contract.ts';

/** A target script is some 300 KB (chii); more than this is not one. */
const largestScript = 4 * 1024 * 1024;
const timeoutMs = 10_000;

/**
 * Fetches a remote debugger's target script (`http://server/target.js`, as chii and weinre-style servers have it), as a browser
 * UI would. Resolves with its size in bytes.
 */
export async function loadDebugTarget(server: string, signal: AbortSignal): Promise<number> {
  const url = `http://${server}/target.js`;
  try {
    return await sizeOf(url, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  } catch (error) {
    signal.throwIfAborted();
    const reason = messageOf(error);
    throw new PlatformError(
      'DEVICE_FAILED',
      `loading ${url} into the user interface: ${reason}; is the debug server running?`,
      {
        cause: error,
      },
    );
  }
}

async function sizeOf(url: string, signal: AbortSignal): Promise<number> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { signal, agent: false }, resolve).on('error', reject);
  });
  const { statusCode = 0 } = response;
  if (statusCode < 200 || statusCode > 299) {
    response.destroy();
    throw new Error(`HTTP status ${statusCode}`);
  }
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > largestScript) throw new Error(`more than ${largestScript} bytes`);
  }
  return bytes;
}
