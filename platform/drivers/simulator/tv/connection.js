/** The box's side of the page: its state as it changes, and requests to it. */

const retryMs = 700;
const requestMs = 5_000;

/**
 * Follows the box. `onState` gets each snapshot, `onConnection` one of `live`, `lost`. When the box goes away, a new
 * connection is tried until it is back: the box keeps its address over a reboot.
 */
export function follow({ onState, onConnection }) {
  const source = new EventSource('/events');
  let retrying = false;
  source.addEventListener('state', (event) => {
    onConnection('live');
    onState(JSON.parse(event.data));
  });
  source.addEventListener('error', () => {
    if (retrying) return;
    // The browser's own reconnecting gives up on some errors; this one does not.
    retrying = true;
    source.close();
    onConnection('lost');
    setTimeout(() => follow({ onState, onConnection }), retryMs);
  });
}

/** Sends a request; resolves with the answer's JSON, rejects with a sentence for the viewer. */
export async function send(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      signal: AbortSignal.timeout(requestMs),
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch {
    throw new Error('The box does not answer.');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The box answered ${response.status}.`);
  return answer;
}
